import { expect, test } from 'vitest'
import type { Step } from './api'
import { lacking, namesOf, pressing, toneOf, toSend, type ActForm } from './model'

const form = (more: Partial<ActForm>): ActForm => ({ on: '2026-11-25', text: '', surveyors: '', agree: '', until: '', objection: '', upstream_no: '', document: '', amount: undefined, category: '', ...more })
const none = { until: false, category: false }

test('a last day is late, soon or in time', () => {
  expect([null, -1, 0, 2, 3].map(pressing)).toEqual(['none', 'late', 'soon', 'soon', 'time'])
})

test('a survey names two different people, parted by whatever people type', () => {
  expect(namesOf('Li\u3001 Wang,Li')).toEqual(['Li', 'Wang'])
  expect(lacking('survey', form({ surveyors: 'Li Li' }), none)).toEqual(['surveyors'])
  expect(lacking('survey', form({ surveyors: 'Li\nWang' }), none)).toEqual([])
})

test('each act says what it lacks', () => {
  expect(lacking('opinion', form({ agree: 'no' }), none)).toEqual(['text'])
  expect(lacking('publicity_start', form({}), { until: true, category: false })).toEqual(['until'])
  expect(lacking('publicity_end', form({ objection: 'yes' }), none)).toEqual(['text'])
  expect(lacking('confirm', form({}), { until: false, category: true })).toEqual(['document', 'category'])
  expect(lacking('accept', form({ on: '' }), none)).toEqual(['on'])
})

test('only what belongs to the act is sent, money in fen', () => {
  expect(toSend('confirm', form({ document: ' 18 ', amount: 400.5, upstream_no: 'x' }), 'i', 3)).toEqual({ id: 'i', rev: 3, act: 'confirm', on: '2026-11-25', document: '18', amount: 40050 })
  expect(toSend('publicity_end', form({ objection: 'no', agree: 'yes' }), 'i', 3)).toEqual({ id: 'i', rev: 3, act: 'publicity_end', on: '2026-11-25', objection: false })
})

test('a refusal and an objection stand out', () => {
  const step = (act: Step['act'], detail: Step['detail'] = {}): Step => ({ id: '1', act, on: '2026-11-25', actor: { id: '1', name: 'Li' }, at: '', text: '', detail })
  expect([step('confirm'), step('refuse'), step('publicity_end', { objection: true }), step('open')].map(toneOf)).toEqual(['success', 'danger', 'danger', 'info'])
})

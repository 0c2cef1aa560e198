import { expect, test } from 'vitest'
import type { Param } from './api'
import { allowedModes, dueText, intervalOf, proposedNext, reasonOf, type Standing } from './interval'

const active = (grade: string | null, categories: string[]): Standing => ({ ledger_state: 'active', grade, categories, last_visit_on: null })
const place = { code: '43', name: 'x', level: 1, kind: 'province' }
const param = (code: string, value: unknown, verified = false): Param => ({ code, value, verified, label: '', unit: 'day', place, from: '2020-01-01', to: null, source: `source of ${code}` })
const PARAMS = [
  param('visit.max_interval_days.A', 30), param('visit.max_interval_days.B', '90'), param('visit.max_interval_days.C', 180),
  param('visit.category_interval_days.ALONE', 30), param('visit.category_interval_days.STREET_CHILD', 90, true), param('visit.category_interval_days.DIS_SEVERE', 60), param('lead.contact_days', 3), param('lead.verify_days', 10),
  param('visit.allowed_modes.A', ['home', 'institution']), param('visit.allowed_modes.C', ['home', 'phone', 'neighbour']), param('visit.allowed_category_modes.ALONE', ['home', 'phone']),
]

test('the interval in force is the least of grade and categories', () => {
  expect(intervalOf(PARAMS, active('C', []))).toMatchObject({ interval_days: 180, from: 'grade:C' })
  expect(intervalOf(PARAMS, active('C', ['DIBAO', 'ALONE']))).toEqual({ interval_days: 30, from: 'category:ALONE', source: 'source of visit.category_interval_days.ALONE', verified: false })
  expect(intervalOf(PARAMS, active('B', ['STREET_CHILD']))).toMatchObject({ interval_days: 90, from: 'grade:B' })
  expect(intervalOf(PARAMS, active('C', ['DIS_1_2']))).toMatchObject({ interval_days: 60, from: 'category:DIS_1_2' })
})

test('who is not graded yet stands as general', () => {
  expect(intervalOf(PARAMS, active(null, []))).toMatchObject({ interval_days: 180, from: 'grade:C' })
})

test('a lead waits for its contact, then for its verification', () => {
  const lead = { ...active(null, ['ALONE']), ledger_state: 'lead' }
  expect(intervalOf(PARAMS, lead)).toMatchObject({ interval_days: 3, from: 'state:lead' })
  expect(intervalOf(PARAMS, { ...lead, last_visit_on: '2026-11-01' })).toMatchObject({ interval_days: 10, from: 'state:verifying' })
  expect(intervalOf(PARAMS, { ...lead, ledger_state: 'verifying' })).toMatchObject({ interval_days: 10, from: 'state:verifying' })
  expect(intervalOf(PARAMS, { ...lead, ledger_state: 'exited' })).toBeNull()
})

test('a way of visiting is allowed when grade or a category accepts it', () => {
  expect(allowedModes(PARAMS, active('A', []))).toEqual(['home', 'institution'])
  expect(allowedModes(PARAMS, active('C', ['ALONE']))).toEqual(['home', 'phone', 'neighbour'])
  expect(allowedModes([], active('A', []))).toBeNull()
})

test.each([
  ['overdue', '2026-11-18', { key: 'late', n: 5 }],
  ['due', '2026-11-23', { key: 'now', n: 0 }],
  ['soon', '2026-11-26', { key: 'ahead', n: 3 }],
  ['ok', '2027-02-01', { key: 'ahead', n: 70 }],
  ['none', null, { key: 'none', n: 0 }],
] as const)('%s on %s', (state, day, text) => {
  expect(dueText(state, day, '2026-11-23')).toEqual(text)
})

test('the next visit is proposed one interval later', () => {
  expect(proposedNext('2026-11-23', intervalOf(PARAMS, active('A', [])))).toBe('2026-12-23')
  expect(proposedNext('2026-11-23', null)).toBe('')
  expect(proposedNext('2026-11-23', intervalOf(PARAMS, { ...active(null, []), ledger_state: 'lead' }))).toBe('')
})

test('the reason of an interval names its list', () => {
  expect(reasonOf('grade:A')).toEqual({ list: 'grade', code: 'A' })
  expect(reasonOf('state:lead')).toEqual({ list: 'ledger_state', code: 'lead' })
  expect(reasonOf('nonsense')).toBeNull()
})

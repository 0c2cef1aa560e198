import { expect, test } from 'vitest'
import { checkEvent, differenceOf, toEvent, type EventModel } from './model'

const model = (more: Partial<EventModel>): EventModel => ({ kind: 'rename', effective_on: '2026-12-01', approval_no: 'No. 8', note: '', from: ['430703101'], to: '', new_name: 'New', new_code_civil: '', new_code_stat: '', ...more })
const words = (m: EventModel) => checkEvent(m).map((f) => f.word)

test('the two lists may differ in three ways, and villages do not count', () => {
  expect(differenceOf({ level: 4, code_civil: '430703005', code_stat: null })).toBe('civilOnly')
  expect(differenceOf({ level: 4, code_civil: null, code_stat: '430703500' })).toBe('statOnly')
  expect(differenceOf({ level: 4, code_civil: '430703112', code_stat: '430703103' })).toBe('codes')
  expect(differenceOf({ level: 4, code_civil: '430703101', code_stat: '430703101' })).toBeNull()
  expect(differenceOf({ level: 5, code_civil: null, code_stat: '430703101201' })).toBeNull()
})

test('each kind of event asks for what it needs', () => {
  expect(words(model({}))).toEqual([])
  expect(words(model({ new_name: ' ' }))).toEqual(['needName'])
  expect(words(model({ kind: 'recode' }))).toEqual(['needCode'])
  expect(words(model({ kind: 'recode', new_code_civil: '4307' + 'x' }))).toEqual(['badCode'])
  expect(words(model({ kind: 'merge' }))).toEqual(['needTo'])
  expect(words(model({ kind: 'merge', to: '430703101' }))).toEqual(['toInFrom'])
  expect(words(model({ effective_on: '', approval_no: '', from: [] }))).toEqual(['needDay', 'needApproval', 'needOne'])
})

test('an event carries only what its kind needs', () => {
  expect(toEvent(model({ new_code_civil: '1' }), 'i')).toEqual({ id: 'i', kind: 'rename', effective_on: '2026-12-01', approval_no: 'No. 8', from: ['430703101'], to: '430703101', new_name: 'New' })
  expect(toEvent(model({ kind: 'merge', to: '430703102', new_name: '' }), 'i').to).toBe('430703102')
})

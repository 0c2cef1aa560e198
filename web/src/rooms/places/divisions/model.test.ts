import { expect, test } from 'vitest'
import { checkEvent, differenceOf, emptyEvent, kindsFor, toEvent, type EventModel } from './model'

const model = (more: Partial<EventModel>): EventModel => ({ ...emptyEvent(['430703101']), effective_on: '2026-12-01', approval_no: 'No. 8', new_name: 'New', ...more })
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

test('a village is divided with people to be assigned, a township with its villages', () => {
  const parts = [{ name: 'East', code: '430703101301', villages: ['430703101201'] }, { name: '', code: '', villages: [] }]
  expect(words(model({ kind: 'split', parts }))).toEqual(['needPart'])
  expect(words(model({ kind: 'split', parts: parts.slice(0, 1), closes: true }))).toEqual(['needPart'])
  const event = toEvent(model({ kind: 'split', parts: parts.slice(0, 1), from: ['430703101201'] }), 'i')
  expect(event.parts).toEqual([{ name: 'East', code_stat: '430703101301', villages: [] }])
  expect(toEvent(model({ kind: 'split', parts: parts.slice(0, 1) }), 'i').parts?.[0]?.villages).toEqual(['430703101201'])
})

test('what takes over an abolished division is one, several or any', () => {
  const m = model({ kind: 'abolish', to: '430703102', successors: ['430703101202'] })
  expect(toEvent(m, 'i')).toMatchObject({ to: '430703102' })
  expect(toEvent({ ...m, heirs: 'several' }, 'i')).toMatchObject({ to: null, successors: ['430703101202'] })
  expect(toEvent({ ...m, heirs: 'any' }, 'i').successors).toBeUndefined()
  expect(words({ ...m, to: '' })).toEqual(['needTo'])
  expect(words({ ...m, to: '', heirs: 'any' })).toEqual([])
})

test('a conversion offers the kinds of its own level', () => {
  expect(kindsFor(model({ kind: 'convert', from: ['430703101201'] }))).toContain('residents_committee')
  expect(kindsFor(model({ kind: 'convert' }))).not.toContain('residents_committee')
  expect(words(model({ kind: 'boundary', to: '430703102' }))).toEqual(['needVillages'])
  expect(words(model({ kind: 'boundary', from: ['stat:430703101201'], to: '430703101202' }))).toEqual([])
})

import { expect, test } from 'vitest'
import { counted, inOrder, ledgerOf, proposed } from './model'

const pair = (field: string, same: boolean, take: boolean) => ({ field, list: null, survivor: 'a', absorbed: 'b', same, take })

test('what the rule proposes is chosen at first', () => {
  expect(proposed([pair('name', true, false), pair('phone', false, true), pair('sex', false, false)])).toEqual(['phone'])
})

test('what differs comes first', () => {
  expect(inOrder([pair('name', true, false), pair('phone', false, true)]).map((f) => f.field)).toEqual(['phone', 'name'])
})

test('a ledger value is a state and perhaps a grade', () => {
  expect(ledgerOf('active A')).toEqual({ state: 'active', grade: 'A' })
  expect(ledgerOf('lead')).toEqual({ state: 'lead', grade: '' })
  expect(ledgerOf(null)).toEqual({ state: '', grade: '' })
})

test('nothing is not counted', () => expect(counted({ visits: 2, tasks: 0 })).toEqual([['visits', 2]]))

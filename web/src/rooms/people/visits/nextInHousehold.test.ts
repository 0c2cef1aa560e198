import { expect, test } from 'vitest'
import { homeOfVisit, nextOf, type MemberLike } from './nextInHousehold'

const member = (id: string, more: Partial<NonNullable<MemberLike['person']>> = {}, to: string | null = null): MemberLike => ({ person: { id, name: id, died_on: null, ledger_state: 'active', last_visit_on: null, next_due_on: null, ...more }, to })

test('the next person of the household is the most urgent one not seen today', () => {
  const members = [member('a'), member('b', { next_due_on: '2026-12-01' }), member('c', { next_due_on: '2026-11-20' }), member('d', { next_due_on: '2026-11-01', last_visit_on: '2026-11-23' })]
  expect(nextOf(members, 'a', '2026-11-23')?.id).toBe('c')
  expect(nextOf(members, 'c', '2026-11-23')?.id).toBe('b')
})

test('nobody is next when the others left, died, are no clients or were seen', () => {
  const members = [member('a'), member('b', {}, '2026-01-01'), member('c', { died_on: '2026-01-01' }), member('d', { ledger_state: 'exited' }), { person: null, to: null }]
  expect(nextOf(members, 'a', '2026-11-23')).toBeNull()
})

test('the people who live together come first', () => {
  const h = (id: string, kind: string) => ({ id, kind, relation: '0', is_head: true, members: 2, from: '2026-01-01' })
  expect(homeOfVisit([h('1', 'hukou'), h('2', 'cohabiting')])?.id).toBe('2')
  expect(homeOfVisit([h('1', 'hukou')])?.id).toBe('1')
  expect(homeOfVisit([])).toBeNull()
})

import { expect, test } from 'vitest'
import type { PersonRow } from '../persons/api'
import type { Household, Member } from './api'
import { isSuccession, missingIn, sortedMembers, toNewHousehold, type HouseholdForm } from './model'

const person = (id: string) => ({ id, name: id }) as PersonRow
const form = (more: Partial<HouseholdForm> = {}): HouseholdForm => ({ kind: 'cohabiting', village: 'v', address: ' No 1 ', members: [{ id: 'm1', person: person('p1'), relation: '0', from: '2026-01-01' }], ...more })

test('a household needs a place, members, one head and every relation', () => {
  expect(missingIn(form())).toEqual([])
  expect(missingIn(form({ village: '', members: [] }))).toEqual(['village', 'members'])
  expect(missingIn(form({ members: [{ id: 'm', person: person('p'), relation: '', from: '' }] }))).toEqual(['head', 'relation'])
  expect(missingIn(form({ members: [1, 2].map((n) => ({ id: `m${n}`, person: person(`p${n}`), relation: '0', from: '' })) }))).toEqual(['head'])
})

test('empty rows are not sent', () => {
  const sent = toNewHousehold(form({ members: [...form().members, { id: 'm2', person: null, relation: '', from: '' }] }), 'h')
  expect(sent).toEqual({ id: 'h', kind: 'cohabiting', village: 'v', address: 'No 1', members: [{ id: 'm1', person_id: 'p1', relation: '0', from: '2026-01-01' }] })
})

test('the head comes first and those who left come apart', () => {
  const member = (id: string, relation: string, to: string | null = null): Member => ({ membership_id: id, person: person(id), relation, is_head: relation === '0', from: '2026-01-01', to, rev: 1 })
  const { now, past } = sortedMembers({ members_list: [member('b', '4'), member('x', '2', '2026-05-01'), member('a', '0'), member('c', '1')] } as Household)
  expect(now.map((m) => m.membership_id)).toEqual(['a', 'c', 'b'])
  expect(past.map((m) => m.membership_id)).toEqual(['x'])
})

test('when the head leaves, one of the others becomes the head and all have a relation', () => {
  expect(isSuccession(['0', '2'])).toBe(true)
  expect(isSuccession(['0', '0'])).toBe(false)
  expect(isSuccession(['0', ''])).toBe(false)
  expect(isSuccession(['2'])).toBe(false)
})

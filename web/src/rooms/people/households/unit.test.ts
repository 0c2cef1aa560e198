import { expect, test } from 'vitest'
import type { UnitMember, UnitProposal } from './api'
import { asked, isOtherUnit, proposedMembers } from './unit'

const member = (person_id: string, belongs: 'yes' | 'no' | 'unknown', missing: string[] = []) => ({ person_id, belongs, missing }) as unknown as UnitMember
const proposal = (complete: boolean, ...items: UnitMember[]) => ({ items, complete }) as unknown as UnitProposal

test('the rule proposes whom it counts, and anything else needs a reason', () => {
  const p = proposal(true, member('a', 'yes'), member('b', 'no'), member('c', 'yes'))
  expect(proposedMembers(p)).toEqual(['a', 'c'])
  expect(isOtherUnit(p, ['c', 'a'])).toBe(false)
  expect(isOtherUnit(p, ['a'])).toBe(true)
  expect(isOtherUnit(p, ['a', 'b'])).toBe(true)
  expect(isOtherUnit(proposal(false, member('a', 'yes')), ['a'])).toBe(true)
})

test('only what would decide is asked, and what was said can be taken back', () => {
  expect(asked(member('a', 'unknown', ['student', 'relation', 'birth_date']), null)).toEqual(['student'])
  expect(asked(member('a', 'yes', []), { person_id: 'a', duty: false, student: null })).toEqual(['duty'])
})

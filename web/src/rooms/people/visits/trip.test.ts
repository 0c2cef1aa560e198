import { expect, test } from 'vitest'
import { blankVisit } from './newVisit'
import { afterVisit, keep, sharedOf, tripOf } from './trip'

test('a trip goes from member to member and ends at the household', () => {
  expect(tripOf({ household: 'h', next: 'b,c' })).toEqual({ household: 'h', next: ['b', 'c'] })
  expect(afterVisit({ person: 'a', household: 'h', next: 'b,c' }, 'a')).toEqual({ path: '/visits/new', query: { person: 'b', household: 'h', next: 'c' } })
  expect(afterVisit({ person: 'c', household: 'h' }, 'c')).toEqual({ path: '/households/h' })
  expect(afterVisit({ person: 'c' }, 'c')).toEqual({ path: '/persons/c' })
})

test('day, mode and companions go along on one trip only', () => {
  keep('h', { ...blankVisit('2026-11-20'), mode: 'phone', companions: 'two', summary: 'not for others' })
  expect(sharedOf('h')).toEqual({ mode: 'phone', visited_on: '2026-11-20', companions: 'two', place_note: '' })
  expect(sharedOf('other')).toEqual({})
  expect(sharedOf('')).toEqual({})
})

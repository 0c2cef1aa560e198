import { expect, test } from 'vitest'
import { conditionLines, placesIn } from './conditions'

const words = { field: (key: string) => `[${key}]`, code: (list: string, code: string) => `${list}:${code}`, place: (code: string) => `@${code}`, person: (id: string) => `#${id}`, yes: 'yes', join: '+' }

test('values of one field stand together, codes and places by their names', () => {
  expect(conditionLines('persons', 'grade=A&grade=B&place=430703&q=li', words)).toEqual(['[persons.grade] grade:A+grade:B', '[persons.place] @430703', '[persons.find] li'])
  expect(conditionLines('visits', 'kind=first&acts=true', words)).toEqual(['[visits.kind] visit_kind:first', '[visits.onlyActs] yes'])
  expect(conditionLines('due', 'state=overdue&worker=7', words)).toEqual(['[persons.nextDue] [due.state.overdue]', '[persons.worker] #7'])
  expect(placesIn('place=430703&grade=A')).toEqual(['430703'])
})

test('a condition nobody knows is not hidden from who approves', () => {
  expect(conditionLines('persons', 'odd=1', words)).toEqual(['odd 1'])
  expect(conditionLines('other', 'grade=A', words)).toEqual(['grade A'])
  expect(conditionLines('persons', '', words)).toEqual([])
})

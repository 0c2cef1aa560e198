import { expect, test } from 'vitest'
import type { DueItem } from './api'
import { byVillage, countText, statesOf } from './model'

test('the address says which states; nonsense means overdue', () => {
  expect(statesOf(undefined)).toEqual(['overdue'])
  expect(statesOf('soon')).toEqual(['soon'])
  expect(statesOf(['soon', 'due'])).toEqual(['due', 'soon'])
  expect(statesOf('x')).toEqual(['overdue'])
})

test('a count says when there are more', () => {
  expect(countText(7, false)).toBe('7')
  expect(countText(100, true)).toBe('100+')
})

test('people come by village, in the order of codes', () => {
  const item = (id: string, village: string, township: string) => ({ person: { id, village: { code: village, name: village }, township: { code: township, name: township } } }) as DueItem
  const groups = byVillage([item('1', '430703107202', '430703107'), item('2', '430703101201', '430703101'), item('3', '430703107202', '430703107'), item('4', '430703107201', '430703107')])
  expect(groups.map((g) => [g.key, g.items.map((i) => i.person.id)])).toEqual([['430703101201', ['2']], ['430703107201', ['4']], ['430703107202', ['1', '3']]])
})

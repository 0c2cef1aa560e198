import { expect, test } from 'vitest'
import type { Stop } from './api'
import { byVillage, daysOfWeek, mondayOf, weeksOf } from './model'

const stop = (name: string, village: string, how: 'visit' | 'call' = 'visit'): Stop => ({
  person: { id: name, name }, grade: 'A', village: { code: village, name: village, level: 5, kind: 'village_committee' }, how, fixed: false, next_due_on: '2026-11-20', overdue_days: 0,
})

test('weeks begin on Monday', () => {
  expect(['2026-11-23', '2026-11-25', '2026-11-29', '2026-11-30', '2023-12-31'].map(mondayOf)).toEqual(['2026-11-23', '2026-11-23', '2026-11-23', '2026-11-30', '2023-12-25'])
  const days = ['2026-11-25', '2026-11-26', '2026-11-30'].map((day) => ({ day, stops: [] }))
  expect(weeksOf(days)).toEqual(['2026-11-23', '2026-11-30'])
  expect(daysOfWeek(days, '2026-11-23').map((d) => d.day)).toEqual(['2026-11-25', '2026-11-26'])
})

test('a day goes village by village, calls last', () => {
  const groups = byVillage([stop('a', 'v1'), stop('b', 'v1'), stop('c', 'v2'), stop('d', 'v1', 'call')])
  expect(groups.map((g) => [g.name, g.stops.length, g.call])).toEqual([['v1', 2, false], ['v2', 1, false], ['', 1, true]])
})

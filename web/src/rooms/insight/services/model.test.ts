import { expect, test } from 'vitest'
import { actsLink, hoursText, kindOfSpan, spanOf, spansBack } from './model'

test('a day lies in a month, a quarter and a year', () => {
  expect(['month', 'quarter', 'year'].map((k) => spanOf(k as 'month', '2026-11-23'))).toEqual(['2026-11', '2026-Q4', '2026'])
  expect(['2026-11', '2026-Q4', '2026'].map(kindOfSpan)).toEqual(['month', 'quarter', 'year'])
})

test('spans go back over the turn of the year', () => {
  expect(spansBack('month', '2026-02-10', 4)).toEqual(['2026-02', '2026-01', '2025-12', '2025-11'])
  expect(spansBack('quarter', '2026-05-10', 3)).toEqual(['2026-Q2', '2026-Q1', '2025-Q4'])
  expect(spansBack('year', '2026-05-10', 2)).toEqual(['2026', '2025'])
})

test('minutes are shown as hours and a figure leads to its acts', () => {
  expect([0, 45, 90].map(hoursText)).toEqual(['0.0', '0.8', '1.5'])
  expect(actsLink({ from: '2026-11-01', to: '2026-11-30', place: { code: '430703' } }, { service: 'capacity' }).query).toEqual({
    acts: 'true', from: '2026-11-01', to: '2026-11-30', place: '430703', service: 'capacity',
  })
})

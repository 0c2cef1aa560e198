import { afterEach, expect, test, vi } from 'vitest'
import { addDays, dayOf, daysBetween, instantText, today } from './time'

test.each([
  ['2026-11-23T08:00:00.000Z', '2026-11-23 16:00'],
  ['2026-11-23T16:00:00.000Z', '2026-11-24 00:00'],
  ['2026-12-31T23:59:59.999Z', '2027-01-01 07:59'],
])('%s is shown in Beijing time as %s', (instant, text) => expect(instantText(instant)).toBe(text))

test('nothing is shown as nothing and nonsense as it is', () => {
  expect(instantText(null)).toBe('')
  expect(instantText('soon')).toBe('soon')
})

test('a business day begins at midnight in Beijing', () => {
  expect(dayOf('2026-11-22T15:59:59Z')).toBe('2026-11-22')
  expect(dayOf('2026-11-22T16:00:00Z')).toBe('2026-11-23')
})

test('days are counted over months, leap days and the years of Chinese summer time', () => {
  expect(addDays('2028-02-28', 2)).toBe('2028-03-01')
  expect(addDays('1986-05-04', -1)).toBe('1986-05-03')
  expect(daysBetween('2026-11-23', '2026-11-20')).toBe(-3)
  expect(daysBetween('1986-05-01', '1986-10-01')).toBe(153)
})

afterEach(() => { vi.useRealTimers() })

test('today changes at midnight in Beijing, to the minute', () => {
  vi.useFakeTimers()
  for (const [at, day] of [['2026-11-22T15:59:59Z', '2026-11-22'], ['2026-11-22T16:00:00Z', '2026-11-23'], ['2026-11-23T15:59:59Z', '2026-11-23']] as const) {
    vi.setSystemTime(new Date(at))
    expect(today()).toBe(day)
  }
})

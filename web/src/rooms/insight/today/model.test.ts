import { expect, test } from 'vitest'
import { countText, reasonOf, shortDay, urgencyOf } from './model'

test('a due day is late, now or ahead', () => {
  expect(urgencyOf('2026-11-20', '2026-11-23')).toEqual({ key: 'late', n: 3 })
  expect(urgencyOf('2026-11-23', '2026-11-23')).toEqual({ key: 'now', n: 0 })
  expect(urgencyOf('2026-12-01', '2026-11-23')).toEqual({ key: 'ahead', n: 8 })
})

test('the reason of an interval is a grade or a category', () => {
  expect(reasonOf('grade:A')).toEqual({ list: 'grade', code: 'A' })
  expect(reasonOf('category:LEFT_CHILD')).toEqual({ list: 'category', code: 'LEFT_CHILD' })
  expect(reasonOf('default')).toBeNull()
})

test('a count that stopped says so', () => {
  expect([countText(44), countText(10_000, true), countText(9, true)]).toEqual(['44', '10000+', '9'])
})

test('days under a chart are short', () => expect(shortDay('2026-11-23')).toBe('11-23'))

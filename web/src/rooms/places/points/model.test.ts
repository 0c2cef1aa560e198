import { expect, test } from 'vitest'
import type { Point } from './api'
import { coveredWithSeat, modelOf } from './model'

test('the seat is always among the covered villages', () => {
  expect(coveredWithSeat([], 'a', '')).toEqual(['a'])
  expect(coveredWithSeat(['b'], 'a', '')).toEqual(['a', 'b'])
  expect(coveredWithSeat(['b', 'a'], 'a', '')).toEqual(['b', 'a'])
})

test('another seat takes the place of the old one', () => {
  expect(coveredWithSeat(['a', 'b'], 'c', 'a')).toEqual(['c', 'b'])
  expect(coveredWithSeat(['a', 'b'], '', 'a')).toEqual(['b'])
})

test('a form of a point holds codes and no nulls but the number', () => {
  const ref = (code: string) => ({ code, name: code, level: 5, kind: 'village_committee' })
  const point = { id: '1', name: 'p', seat: ref('a'), covered: [ref('a'), ref('b')], area_id: null, days_open_per_week: null, premises: null } as Point
  expect(modelOf(point)).toEqual({ name: 'p', seat: 'a', covered: ['a', 'b'], area_id: '', days_open_per_week: null, premises: '' })
})

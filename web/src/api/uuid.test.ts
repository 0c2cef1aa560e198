import { expect, test } from 'vitest'
import { uuidv7 } from './uuid'

test('an id is a version 7 UUID that begins with its millisecond', () => {
  const now = Date.UTC(2030, 0, 1)
  const id = uuidv7(now)
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(now)
})

test('ten thousand ids of one moment are different and rising', () => {
  const now = Date.UTC(2031, 0, 1)
  const ids = Array.from({ length: 10_000 }, () => uuidv7(now))
  expect(new Set(ids).size).toBe(ids.length)
  expect([...ids].sort()).toEqual(ids)
})

test('a clock that steps back does not make ids fall', () => {
  const late = uuidv7(Date.UTC(2032, 0, 1))
  expect(uuidv7(Date.UTC(2020, 0, 1)) > late).toBe(true)
})

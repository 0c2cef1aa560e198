import { expect, test } from 'vitest'
import { windowText } from './window'

test('a limit is a window of days, not the only day', () => {
  expect(windowText({ from_on: null, due_on: null, at_once: false }, '2026-05-01')).not.toMatch(/\d/)
  expect(windowText({ from_on: '2026-04-01', due_on: '2026-05-12', at_once: false }, '2026-05-01')).toContain('2026-05-12')
  expect(windowText({ from_on: '2026-04-01', due_on: '2026-05-12', at_once: false }, '2026-05-01')).not.toContain('2026-04-01')
  expect(windowText({ from_on: '2026-05-02', due_on: '2026-05-12', at_once: false }, '2026-05-01')).toContain('2026-05-02')
})

test('what cannot wait says so', () => {
  const words = (at_once: boolean) => windowText({ from_on: null, due_on: null, at_once }, '2026-05-01')
  expect(words(true)).not.toBe(words(false))
})

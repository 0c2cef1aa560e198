import { expect, test } from 'vitest'
import { worthAsking } from './worthAsking'

test.each([
  ['', true], ['w', false], ['wg', true], ['wgy', true], ['1', false], ['123', false], ['1201', true], ['002x', true], ['43070', false],
  ['13807361201', true], ['430703196002290000', true], ['11010519491231002X', true], ['1101051949123100', false], ['\u738B', true],
])('%s: %s', (typed, worth) => {
  expect(worthAsking(typed)).toBe(worth)
})

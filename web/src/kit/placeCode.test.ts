import { expect, test } from 'vitest'
import { levelOfCode, parsePlaceCode, spacedCode, trimCode } from './placeCode'

test.each([
  ['43', null, '43', 1], ['430700000000', null, '4307', 2], ['430703', null, '430703', 3],
  ['stat:430703101', 'stat', '430703101', 4], ['civil:430703101201', 'civil', '430703101201', 5], [' 430703101000 ', null, '430703101', 4],
])('%s is read as a code', (text, list, digits, level) => {
  expect(parsePlaceCode(text)).toEqual({ list, digits })
  expect(levelOfCode(text)).toBe(level)
})

test.each([['dcq'], ['4307031'], [''], ['stat:'], ['other:43']])('%j is no code', (text) => {
  expect(parsePlaceCode(text)).toBeNull()
  expect(levelOfCode(text)).toBe(0)
})

test('zeros inside a code are kept', () => {
  expect(trimCode('442000001001')).toBe('442000001001')
  expect(trimCode('110100000000')).toBe('1101')
})

test('a code is spaced as it is read aloud', () => {
  expect(spacedCode('430703101201')).toBe('43 07 03 101 201')
  expect(spacedCode('430703')).toBe('43 07 03')
})

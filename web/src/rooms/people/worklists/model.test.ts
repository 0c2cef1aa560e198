import { expect, test } from 'vitest'
import { addressOf, conditions, same } from './model'

test('conditions leave out page, order and what is empty', () => {
  expect(conditions({ grade: ['A', 'B'], q: '', place: '43', limit: 20, cursor: 'x', order: 'due' })).toBe('grade=A&grade=B&place=43')
})

test('a saved filter becomes an address again', () => {
  expect(addressOf('grade=A&grade=B&place=stat%3A43')).toEqual({ grade: ['A', 'B'], place: 'stat:43' })
  expect(addressOf('')).toEqual({})
})

test('the order of conditions says nothing', () => {
  expect(same('a=1&b=2&b=3', 'b=3&a=1&b=2')).toBe(true)
  expect(same('a=1', 'a=1&b=2')).toBe(false)
})

import { expect, test } from 'vitest'
import { CursorStack } from './cursorStack'

test('pages go forth and back by the cursors already seen', () => {
  const stack = new CursorStack()
  expect([stack.page, stack.cursor, stack.hasNext]).toEqual([1, null, false])
  stack.setNext('c2')
  expect(stack.forth()).toBe(true)
  expect([stack.page, stack.cursor, stack.hasNext]).toEqual([2, 'c2', false])
  stack.setNext('c3')
  stack.forth()
  expect(stack.back()).toBe(true)
  expect([stack.page, stack.cursor]).toEqual([2, 'c2'])
  stack.back()
  expect(stack.back()).toBe(false)
  expect(stack.cursor).toBeNull()
})

test('there is no step beyond the last page', () => {
  const stack = new CursorStack()
  stack.setNext(null)
  expect(stack.forth()).toBe(false)
})

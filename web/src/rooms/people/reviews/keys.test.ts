import { expect, test } from 'vitest'
import { actOf, nextOpen } from './keys'

const plain = { ctrl: false, composing: false }

test('letters walk and judge, inside the comment they are text', () => {
  expect(['j', 'k', 'Enter', 'x', '3'].map((k) => actOf(k, 'list', plain))).toEqual([{ do: 'next' }, { do: 'prev' }, { do: 'ok' }, { do: 'ask' }, { do: 'reason', n: 3 }])
  expect(['j', 'x', '3', 'Enter'].map((k) => actOf(k, 'comment', plain))).toEqual([null, null, null, null])
  expect(actOf('Enter', 'comment', { ctrl: true, composing: false })).toEqual({ do: 'send' })
  expect(actOf('Escape', 'comment', plain)).toEqual({ do: 'back' })
  expect(actOf('Enter', 'list', { ctrl: false, composing: true })).toBeNull()
  expect(actOf('j', 'list', { ctrl: true, composing: false })).toBeNull()
})

test('the queue goes on to what is left, around the end, and stays when all is done', () => {
  expect(nextOpen([true, false, true, false], 1)).toBe(3)
  expect(nextOpen([true, false, true, false], 3)).toBe(1)
  expect(nextOpen([true, true], 0)).toBe(0)
})

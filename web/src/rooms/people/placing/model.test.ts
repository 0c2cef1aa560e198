import { expect, test } from 'vitest'
import type { QueueState } from './api'
import { percentDone, sendRest, ticked } from './model'

test('a queue is done when nothing waits, and never says so before', () => {
  expect(percentDone({ total: 0, open_items: 0 })).toBe(100)
  expect(percentDone({ total: 300, open_items: 1 })).toBe(99)
  expect(percentDone({ total: 3, open_items: 2 })).toBe(33)
})

test('ticking a page keeps what was ticked on another', () => {
  const chosen = ticked(new Set(['a']), ['b', 'c'], true)
  expect([...chosen]).toEqual(['a', 'b', 'c'])
  expect([...ticked(chosen, ['a', 'c'], false)]).toEqual(['b'])
})

test('the rest is sent in parts until the queue is settled or nothing moves', async () => {
  const states = (...open: number[]): QueueState[] => open.map((n) => ({ total: 1200, open_items: n, state: n ? 'open' : 'settled' }))
  for (const [answers, calls] of [[states(700, 200, 0), 3], [states(40, 40), 2]] as const) {
    const left = [...answers]
    const told: number[] = []
    const last = await sendRest(() => Promise.resolve(left.shift()!), (s) => told.push(s.open_items))
    expect(told).toHaveLength(calls)
    expect(last).toEqual(answers.at(-1))
  }
})

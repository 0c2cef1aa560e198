import { expect, test } from 'vitest'
import { stepTowards, type Span } from './span'

function walk(now: Span, goal: Span, step: number): Span[] {
  const way: Span[] = []
  for (let at = now; at.from !== goal.from || at.to !== goal.to; ) {
    at = stepTowards(at, goal, step)
    way.push(at)
    if (way.length > 100) throw new Error('never arrives')
  }
  return way
}

test.each([
  [{ from: 0, to: 0 }, { from: 0, to: 30 }],
  [{ from: 0, to: 30 }, { from: 10, to: 40 }],
  [{ from: 100, to: 130 }, { from: 90, to: 120 }],
  [{ from: 0, to: 30 }, { from: 5000, to: 5030 }],
  [{ from: 5000, to: 5030 }, { from: 0, to: 3 }],
])('from %o to %o few rows are new at a time', (now, goal) => {
  let before = now
  for (const at of walk(now, goal, 5)) {
    const fresh = Array.from({ length: at.to - at.from }, (_, i) => at.from + i).filter((row) => row < before.from || row >= before.to)
    expect(fresh.length).toBeLessThanOrEqual(5)
    expect(at.from).toBeGreaterThanOrEqual(goal.from)
    expect(at.to).toBeLessThanOrEqual(goal.to)
    before = at
  }
})

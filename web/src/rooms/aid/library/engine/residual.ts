import { holds, type Case } from './evaluate'
import type { Order, Range } from './types'

/** What is left of a condition after all known facts are put in, negations pushed down to its tests (`missing/residual.rs`). */
export type Residual =
  | { is: 'const'; value: boolean }
  /** One missing fact, true in these runs within its bounds. */
  | { is: 'test'; fact: number; bounds: Range; runs: Range[] }
  /** Several missing facts, or a missing standard: open until all facts of the set are known. */
  | { is: 'joint'; facts: bigint; id: number; not: boolean }
  | { is: 'all' | 'any'; parts: Residual[] }

/** The bit no fact has: a missing standard of the place. */
export const NEVER = 1n << 63n

const FAR = 1n << 70n
const floorDiv = (value: bigint, by: bigint): bigint => (value >= 0n ? value / by : -((-value + by - 1n) / by))

/** Values `x` for which `k · x + rest` stands in `order` to zero; `k` is not zero. */
export function solved(k: bigint, rest: bigint, order: Order): Range[] {
  if (order === 'same') return rest % k === 0n ? [[-rest / k, -rest / k]] : []
  const end = -rest - (order === 'less' ? 1n : 0n)
  return k > 0n ? [[-FAR, floorDiv(end, k)]] : [[-floorDiv(end, -k), FAR]]
}

/** The residual of a condition; `facts` are the missing facts, a bit each. */
export function residualOf(asked: Case, facts: readonly number[], at: number): Residual {
  const { conditions, numbers } = asked.program

  function cond(id: number, not: boolean): Residual {
    const c = conditions[id]
    switch (c?.is) {
      case 'fixed': return c.value === null ? { is: 'joint', facts: NEVER, id, not } : { is: 'const', value: c.value !== not }
      case 'flag': return test(c.fact, [[1n, 1n]], id, not)
      case 'runs': return c.runs === null ? { is: 'joint', facts: NEVER, id, not } : test(c.fact, c.runs.map(([a, b]): Range => [BigInt(a), BigInt(b)]), id, not)
      case 'compare': return compare(c.order, c.a, c.b, id, not)
      case 'not': return cond(c.of, !not)
      case 'all': case 'any': return many(c.of, not, (c.is === 'any') !== not)
      default: return { is: 'joint', facts: NEVER, id, not }
    }
  }

  /** `either`: at least one, after negations are pushed down. */
  function many(parts: readonly number[], not: boolean, either: boolean): Residual {
    const open: Residual[] = []
    for (const part of parts) {
      const left = cond(part, not)
      if (left.is === 'const') {
        if (left.value === either) return { is: 'const', value: either }
      } else if (left.is === (either ? 'any' : 'all')) open.push(...left.parts)
      else open.push(left)
    }
    const [only] = open
    if (!only) return { is: 'const', value: !either }
    return open.length === 1 ? only : { is: either ? 'any' : 'all', parts: open }
  }

  /** A test of one fact, cut to its bounds and turned round when negated. */
  function test(fact: number, runs: readonly Range[], id: number, not: boolean): Residual {
    const [low, high] = asked.bounds(fact)
    let held = runs.map(([a, b]): Range => [a > low ? a : low, b < high ? b : high]).filter(([a, b]) => a <= b)
    if (not) held = outside(held, low, high)
    const [first] = held
    if (!first) return { is: 'const', value: false }
    if (held.length === 1 && first[0] === low && first[1] === high) return { is: 'const', value: true }
    const place = facts.indexOf(fact)
    return place < 0 ? { is: 'joint', facts: NEVER, id, not } : { is: 'test', fact: place, bounds: [low, high], runs: held }
  }

  function compare(order: Order, a: number, b: number, id: number, not: boolean): Residual {
    const places = [...asked.asks(a, asked.asks(b))].map((fact) => facts.indexOf(fact)).filter((place) => place >= 0)
    const set = places.reduce((all, place) => all | (1n << BigInt(place)), 0n)
    const left = places.length <= 1 ? affine(a) : null
    const right = left && affine(b)
    if (!left || !right) return { is: 'joint', facts: set === 0n ? NEVER : set, id, not }
    const [k, rest] = [left[0] - right[0], left[1] - right[1]]
    const fact = facts[places[0] ?? -1]
    return fact !== undefined && k !== 0n ? test(fact, solved(k, rest, order), id, not) : { is: 'const', value: holds(order, rest, 0n) !== not }
  }

  /** A number as `k · fact + rest` of the one missing fact, everything else put in. */
  function affine(id: number): Range | null {
    const n = numbers[id]
    if (n?.is === 'fixed') return n.value === null ? null : [0n, BigInt(n.value)]
    if (n?.is === 'fact') { const value = asked.value(n.fact); return value === null ? [1n, 0n] : [0n, value] }
    if (n?.is !== 'both') return null
    const a = affine(n.a)
    const b = a && affine(n.b)
    if (!a || !b) return null
    if (n.how === 'add') return [a[0] + b[0], a[1] + b[1]]
    if (n.how === 'sub') return [a[0] - b[0], a[1] - b[1]]
    if (n.how === 'mul') {
      if (a[0] === 0n) return [a[1] * b[0], a[1] * b[1]]
      return b[0] === 0n ? [b[1] * a[0], b[1] * a[1]] : null
    }
    if (a[0] !== 0n || b[0] !== 0n) return null
    return [0n, (n.how === 'min') === (a[1] < b[1]) ? a[1] : b[1]]
  }

  return cond(at, false)
}

/** What the runs leave of `low ..= high`. */
function outside(runs: readonly Range[], low: bigint, high: bigint): Range[] {
  const out: Range[] = []
  let from = low
  for (const [a, b] of runs) {
    if (a > from) out.push([from, a - 1n])
    from = b + 1n
  }
  if (from <= high) out.push([from, high])
  return out
}

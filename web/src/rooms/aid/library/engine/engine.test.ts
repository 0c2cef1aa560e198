import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { answerOf, questions } from './answer'
import { rounded } from './evaluate'
import { solved } from './residual'
import type { Condition, Numeric } from './types'

/** Every golden case of the library and invented persons, with what the engine answers; written by the engine itself. */
interface Sheet {
  policy: string, place: string, day: string
  facts: [string, number, number][]
  conditions: Condition[], numbers: Numeric[]
  when: number, amount: number | null, of: number[], amount_of: number[]
  rows: [string, [number, number][], boolean | null, boolean | null, number | null, [number, number] | null, number[], number[][], number[]][]
}
const sheets = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../../tests/fixtures/policies.gen.json'), 'utf8')) as Sheet[]

describe('the browser answers as the engine does', () => {
  test.each(sheets.map((s) => [`${s.policy} at ${s.place} on ${s.day}`, s] as const))('%s', (_, s) => {
    const program = { facts: s.facts.map(([, min, max]) => ({ min, max })), conditions: s.conditions, numbers: s.numbers }
    const policy = { when: s.when, amount: s.amount, facts: s.of, amount_facts: s.amount_of }
    for (const [name, known, status, settled, amount, range, asked, sets, amountMissing] of s.rows) {
      const a = answerOf(program, policy, new Map(known))
      const said = { status: a.status, settled: a.settled, amount: a.amount, range: a.range && [...a.range], asked: a.asked, sets: a.sets, amountMissing: a.amountMissing }
      const big = (n: number | null) => (n === null ? null : BigInt(n))
      expect(said, `${name} ${JSON.stringify(known)}`).toEqual({ status, settled, amount: big(amount), range: range && range.map((n) => BigInt(n)), asked, sets, amountMissing })
    }
  })

  test('all golden cases are there', () => {
    expect(sheets.reduce((n, s) => n + s.rows.filter((row) => row[0] !== '').length, 0)).toBeGreaterThanOrEqual(677)
    expect(new Set(sheets.map((s) => s.policy)).size).toBe(36)
  })
})

test('quotients are rounded as asked, below zero as well', () => {
  const all = (v: bigint) => (['down', 'half', 'up'] as const).map((how) => rounded(v, 4n, how))
  expect(all(6n)).toEqual([1n, 2n, 2n])
  expect(all(5n)).toEqual([1n, 1n, 2n])
  expect(all(-6n)).toEqual([-2n, -1n, -1n])
  expect(all(8n)).toEqual([2n, 2n, 2n])
})

test('a solved comparison holds exactly where the arithmetic says', () => {
  for (const k of [-7n, -3n, -1n, 1n, 2n, 5n]) for (let rest = -12n; rest <= 12n; rest++) for (const order of ['less', 'at_most', 'same'] as const) {
    const runs = solved(k, rest, order)
    for (let x = -20n; x <= 20n; x++) {
      const v = k * x + rest
      expect(runs.some(([a, b]) => a <= x && x <= b)).toBe(order === 'less' ? v < 0n : order === 'at_most' ? v <= 0n : v === 0n)
    }
  }
})

test('amounts beyond what a plain number keeps stay exact', () => {
  const program = {
    facts: [{ min: 0, max: 9_007_199_254_740_991 }], conditions: [{ is: 'fixed', value: true }] as Condition[],
    numbers: [{ is: 'fact', fact: 0 }, { is: 'fixed', value: 3 }, { is: 'both', how: 'mul', a: 0, b: 1 }] as Numeric[],
  }
  const answer = answerOf(program, { when: 0, amount: 2, facts: [], amount_facts: [0] }, new Map([[0, 9_007_199_254_740_991]]))
  expect(answer.amount).toBe(27_021_597_764_222_973n)
})

test('the question that settles most comes first, then the one that is worth most', () => {
  const open = (sets: number[][], top: bigint) => ({ status: null, settled: null, amount: null, range: [0n, top] as const, sets, yes: [], asked: [...new Set(sets.flat())].sort(), amountMissing: [] })
  const ranked = questions([open([[1], [2]], 5n), open([[2], [3]], 9n), open([[3, 4]], 1n)])
  expect(ranked.map((q) => q.fact)).toEqual([2, 3, 1, 4])
})

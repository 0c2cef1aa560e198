import type { Kleene, Known, Order, Policy, Program, Range } from './types'

/**
 * The engine of `crates/policy` (`person.rs`) for one person, in the browser: three-valued conditions and exact whole numbers.
 * A test compares it with the engine over every golden case and invented persons.
 */

/** Quotient towards minus infinity; `by` is above zero. */
const floorDiv = (value: bigint, by: bigint): bigint => (value >= 0n ? value / by : -((-value + by - 1n) / by))

/** A quotient rounded as asked, as `rounded` of `core.rs`. */
export function rounded(value: bigint, by: bigint, how: 'down' | 'half' | 'up'): bigint {
  if (how === 'down') return floorDiv(value, by)
  if (how === 'half') return floorDiv(2n * value + by, 2n * by)
  return -floorDiv(-value, by)
}

/** Whether two numbers that compare so stand in the order. */
export const holds = (order: Order, a: bigint, b: bigint): boolean => (order === 'less' ? a < b : order === 'at_most' ? a <= b : a === b)

const least = (list: readonly bigint[]): bigint => list.reduce((a, b) => (b < a ? b : a))
const most = (list: readonly bigint[]): bigint => list.reduce((a, b) => (b > a ? b : a))

/** A program asked for one person. */
export class Case {
  private readonly memo = new Map<number, Kleene>()

  constructor(readonly program: Program, private readonly known: Known) {}

  /** The value of a fact; nothing when it is unknown or out of its bounds. */
  value(fact: number): bigint | null {
    const value = this.known.get(fact)
    const kind = this.program.facts[fact]
    return value === undefined || !kind || value < kind.min || value > kind.max ? null : BigInt(value)
  }

  /** The bounds of a fact: its value, or all it can be. */
  bounds(fact: number): Range {
    const value = this.value(fact)
    const kind = this.program.facts[fact]
    return value !== null ? [value, value] : [BigInt(kind?.min ?? 0), BigInt(kind?.max ?? 0)]
  }

  /** What a condition says. */
  condition(at: number): Kleene {
    const known = this.memo.get(at)
    if (known !== undefined) return known
    const says = this.judge(at)
    this.memo.set(at, says)
    return says
  }

  private judge(at: number): Kleene {
    const c = this.program.conditions[at]
    switch (c?.is) {
      case 'fixed': return c.value
      case 'flag': { const value = this.value(c.fact); return value === null ? null : value === 1n }
      case 'runs': { const value = this.value(c.fact); return value === null || c.runs === null ? null : c.runs.some(([a, b]) => BigInt(a) <= value && value <= BigInt(b)) }
      case 'compare': return this.compare(c.order, c.a, c.b)
      case 'all': return this.many(c.of, false)
      case 'any': return this.many(c.of, true)
      case 'not': { const says = this.condition(c.of); return says === null ? null : !says }
      default: return null
    }
  }

  /** `decides` is the value that one part gives to the whole. */
  private many(parts: readonly number[], decides: boolean): Kleene {
    let all: Kleene = !decides
    for (const part of parts) {
      const says = this.condition(part)
      if (says === decides) return decides
      if (says === null) all = null
    }
    return all
  }

  private compare(order: Order, left: number, right: number): Kleene {
    const a = this.number(left, true)
    const b = this.number(right, true)
    return a && b ? holds(order, a[0], b[0]) : null
  }

  /** Smallest and largest value. Strict: nothing when a fact is unknown; else its bounds count. */
  number(at: number, strict: boolean): Range | null {
    const n = this.program.numbers[at]
    switch (n?.is) {
      case 'fixed': return n.value === null ? null : [BigInt(n.value), BigInt(n.value)]
      case 'fact': return strict && this.value(n.fact) === null ? null : this.bounds(n.fact)
      case 'both': { const a = this.number(n.a, strict); const b = a && this.number(n.b, strict); return a && b ? joined(n.how, a, b) : null }
      case 'round': { const a = this.number(n.a, strict); return a && [rounded(a[0], BigInt(n.by), n.how), rounded(a[1], BigInt(n.by), n.how)] }
      case 'table': return this.table(n.rows, n.other, strict)
      default: return null
    }
  }

  private table(rows: readonly (readonly [number, number])[], other: number | null, strict: boolean): Range | null {
    let hull: Range | null = null
    for (const [when, value] of rows) {
      const says = this.condition(when)
      if (says === false) continue
      if (says === null && strict) return null
      const range = this.number(value, strict)
      if (!range) return null
      hull = widened(hull, range)
      if (says) return hull
    }
    if (other === null) return hull
    const range = this.number(other, strict)
    return range && widened(hull, range)
  }

  /** The facts a number hangs on. */
  asks(at: number, into: Set<number> = new Set()): Set<number> {
    const n = this.program.numbers[at]
    if (n?.is === 'fact') into.add(n.fact)
    if (n?.is === 'both') { this.asks(n.a, into); this.asks(n.b, into) }
    if (n?.is === 'round') this.asks(n.a, into)
    if (n?.is === 'table') {
      n.rows.forEach(([when, value]) => { this.asksOf(when, into); this.asks(value, into) })
      if (n.other !== null) this.asks(n.other, into)
    }
    return into
  }

  private asksOf(at: number, into: Set<number>): void {
    const c = this.program.conditions[at]
    if (c?.is === 'flag' || c?.is === 'runs') into.add(c.fact)
    if (c?.is === 'compare') { this.asks(c.a, into); this.asks(c.b, into) }
    if (c?.is === 'not') this.asksOf(c.of, into)
    if (c?.is === 'all' || c?.is === 'any') c.of.forEach((part) => { this.asksOf(part, into) })
  }

  /** The amount where the condition holds and everything is known. */
  amount(policy: Policy): bigint | null {
    if (policy.amount === null || this.condition(policy.when) !== true) return null
    const range = this.number(policy.amount, true)
    return range && range[0] === range[1] ? range[0] : null
  }
}

const widened = (hull: Range | null, range: Range): Range => (hull ? [least([hull[0], range[0]]), most([hull[1], range[1]])] : range)

function joined(how: 'add' | 'sub' | 'mul' | 'min' | 'max', [a, b]: Range, [c, d]: Range): Range {
  if (how === 'add') return [a + c, b + d]
  if (how === 'sub') return [a - d, b - c]
  if (how === 'min') return [least([a, c]), least([b, d])]
  if (how === 'max') return [most([a, c]), most([b, d])]
  const ends = [a * c, a * d, b * c, b * d]
  return [least(ends), most(ends)]
}

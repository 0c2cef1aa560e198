import { NEVER, type Residual } from './residual'

/** Smallest sets of missing facts that can settle a residual (`missing/sets.rs`); a set is a bit per fact. */
export interface Found {
  yes: bigint[]
  no: bigint[]
}

/** Sets kept per family. */
const MOST_SETS = 512
/** Cells of a table, all its facts together, "not known" included. */
const MOST_CELLS = 1 << 21

function ones(set: bigint): number {
  let count = 0
  for (let left = set; left > 0n; left >>= 1n) count += Number(left & 1n)
  return count
}

/** Drops sets that contain another; smaller ones first. */
export function smallest(sets: readonly bigint[]): bigint[] {
  const sorted = sets.map((set) => ({ set, size: ones(set) })).sort((a, b) => a.size - b.size || (a.set < b.set ? -1 : Number(a.set > b.set)))
  const kept: bigint[] = []
  for (const { set } of sorted) if (!kept.some((k) => (k & set) === k)) kept.push(set)
  return kept
}

/** The smallest sets of a residual. */
export function settling(residual: Residual): Found {
  switch (residual.is) {
    case 'const': return residual.value ? { yes: [0n], no: [] } : { yes: [], no: [0n] }
    case 'test': { const own = 1n << BigInt(residual.fact); return { yes: [own], no: [own] } }
    case 'joint': return (residual.facts & NEVER) !== 0n ? { yes: [], no: [] } : { yes: [residual.facts], no: [residual.facts] }
    default: return joined(residual.parts, residual.is === 'any')
  }
}

function factsOf(residual: Residual): bigint {
  if (residual.is === 'const') return 0n
  if (residual.is === 'test') return 1n << BigInt(residual.fact)
  if (residual.is === 'joint') return residual.facts
  return residual.parts.reduce((all, part) => all | factsOf(part), 0n)
}

/** Groups parts that share facts, answers each group and joins the answers. */
function joined(parts: readonly Residual[], any: boolean): Found {
  let groups: { facts: bigint; parts: Residual[] }[] = []
  for (const part of parts) {
    const own = { facts: factsOf(part), parts: [part] }
    const mine = own.facts
    for (const group of groups.filter((g) => (g.facts & mine) !== 0n)) {
      own.facts |= group.facts
      own.parts.push(...group.parts)
    }
    groups = [...groups.filter((g) => (g.facts & mine) === 0n), own]
  }
  // `once`: what one group alone can do; `each`: what needs all of them.
  let once: bigint[] = []
  let each: bigint[] = [0n]
  for (const group of groups) {
    const [only] = group.parts
    const found = only && group.parts.length === 1 ? settling(only) : table(group.parts, group.facts, any)
    once = smallest([...once, ...(any ? found.yes : found.no)]).slice(0, MOST_SETS)
    each = smallest(each.flatMap((a) => (any ? found.no : found.yes).map((b) => a | b))).slice(0, MOST_SETS)
  }
  return any ? { yes: once, no: each } : { yes: each, no: once }
}

/** A variable of a table: a missing fact cut into cells, or a comparison of several that may go either way. */
interface Variable {
  /** Facts that must be known before it is. */
  facts: bigint
  cells: number
  /** The fact with the first values of its cells, or the comparison. */
  fact?: number
  cuts: bigint[]
  joint?: number
}

/** Whether a part holds in a cell of each variable. */
type Tree = (cells: readonly number[]) => boolean

/** Answers parts that share facts by a table over all cells. */
function table(parts: readonly Residual[], facts: bigint, any: boolean): Found {
  const variables: Variable[] = []
  parts.forEach((part) => { gather(part, variables) })
  for (const variable of variables) {
    if (variable.fact === undefined) continue
    variable.cuts = [...new Set(variable.cuts)].sort((a, b) => (a < b ? -1 : 1))
    variable.cells = variable.cuts.length
  }
  const never = (facts & NEVER) !== 0n
  const real = facts & ~NEVER
  if (variables.reduce((size, v) => size * (v.cells + 1), 1) > MOST_CELLS) return never ? { yes: [], no: [] } : { yes: [real], no: [real] }
  const trees = parts.map((part) => treeOf(part, variables))
  const truth = new Uint8Array(variables.reduce((size, v) => size * v.cells, 1))
  const cells = variables.map(() => 0)
  for (let at = 0; at < truth.length; at++) {
    truth[at] = (any ? trees.some((t) => t(cells)) : trees.every((t) => t(cells))) ? 1 : 2
    for (let v = 0; v < variables.length; v++) {
      cells[v] = (cells[v] ?? 0) + 1
      if ((cells[v] ?? 0) < (variables[v]?.cells ?? 0)) break
      cells[v] = 0
    }
  }
  const found: Found = { yes: [], no: [] }
  visit(found, variables, truth, variables.map((_, i) => i), real, 0n)
  return { yes: smallest(found.yes), no: smallest(found.no) }
}

function gather(residual: Residual, variables: Variable[]): void {
  if (residual.is === 'test') {
    const [low, high] = residual.bounds
    const ends = residual.runs.flatMap(([a, b]) => [a, b + 1n]).filter((v) => low <= v && v <= high)
    const same = variables.find((v) => v.fact === residual.fact)
    if (same) same.cuts.push(...ends)
    else variables.push({ facts: 1n << BigInt(residual.fact), cells: 0, fact: residual.fact, cuts: [...ends, low] })
  } else if (residual.is === 'joint') {
    if (!variables.some((v) => v.joint === residual.id)) variables.push({ facts: residual.facts, cells: 2, cuts: [], joint: residual.id })
  } else if (residual.is !== 'const') residual.parts.forEach((part) => { gather(part, variables) })
}

function treeOf(residual: Residual, variables: readonly Variable[]): Tree {
  if (residual.is === 'const') return () => residual.value
  if (residual.is === 'test') {
    const at = variables.findIndex((v) => v.fact === residual.fact)
    const inside = (variables[at]?.cuts ?? []).map((value) => residual.runs.some(([a, b]) => a <= value && value <= b))
    return (cells) => inside[cells[at] ?? 0] === true
  }
  if (residual.is === 'joint') {
    const at = variables.findIndex((v) => v.joint === residual.id)
    return (cells) => cells[at] === (residual.not ? 0 : 1)
  }
  const parts = residual.parts.map((part) => treeOf(part, variables))
  return residual.is === 'all' ? (cells) => parts.every((p) => p(cells)) : (cells) => parts.some((p) => p(cells))
}

/**
 * A cell holds bit 0 for "true whatever the folded facts are", bit 1 for "false". `left` are the variables of the table, the first
 * varying fastest; `set` the facts taken as known. Facts below `from` have had their turn, so that every set is visited once.
 */
function visit(found: Found, variables: readonly Variable[], truth: Uint8Array, left: readonly number[], set: bigint, from: bigint): void {
  // A comparison of several facts is known only with all of them.
  const at = left.findIndex((v) => ((variables[v]?.facts ?? 0n) & ~set) !== 0n)
  if (at >= 0) {
    const less = fold(variables, truth, left, at)
    visit(found, variables, less, left.filter((_, i) => i !== at), set, from)
    return
  }
  const reach = truth.reduce((all, cell) => all | cell, 0)
  if (reach & 1) found.yes.push(set)
  if (reach & 2) found.no.push(set)
  if (reach === 0) return
  for (let fact = from; fact < 63n; fact++) {
    if ((set >> fact) & 1n) visit(found, variables, truth, left, set & ~(1n << fact), fact + 1n)
  }
}

/** Takes a variable out: what holds for all its cells. */
function fold(variables: readonly Variable[], truth: Uint8Array, left: readonly number[], at: number): Uint8Array {
  const cellsOf = (v: number | undefined) => variables[v ?? -1]?.cells ?? 1
  const step = left.slice(0, at).reduce((size, v) => size * cellsOf(v), 1)
  const count = cellsOf(left[at])
  const out = new Uint8Array(truth.length / count)
  for (let i = 0; i < out.length; i++) {
    const start = Math.floor(i / step) * step * count + (i % step)
    let all = 3
    for (let k = 0; k < count; k++) all &= truth[start + k * step] ?? 0
    out[i] = all
  }
  return out
}

import type { FactKind, Param } from '../entitlements/api'
import { digits, isMoney, kept, shown } from '../entitlements/model'
import type { Clause } from './api'

export const OPERATORS = ['<', '<=', '>', '>=', '=', '!='] as const
export type Operator = (typeof OPERATORS)[number]

/** A condition on one fact as the builder shows it; `text` is what only the short text can say. */
export type Atom =
  | { kind: 'flag', fact: string, not: boolean }
  | { kind: 'codes', fact: string, codes: number[] }
  | { kind: 'number', fact: string, op: Operator, value: number }
  | { kind: 'param', fact: string, op: Operator, param: string, times: number }
  | { kind: 'text', text: string }

const WORD = '[a-z][a-z0-9_]*(?:\\.[a-z0-9_]+)*'
const FLAG = new RegExp(`^(not )?(${WORD})$`)
const IN = new RegExp(`^(${WORD}) in \\{([0-9., ]+)\\}$`)
const COMPARE = new RegExp(`^(${WORD}) (<=|>=|!=|<|>|=) (?:([0-9.]+)|(?:([0-9.]+) \\* )?@(${WORD}))$`)

/** Codes of `1, 3..5`. */
function codesOf(text: string): number[] | null {
  const out: number[] = []
  for (const part of text.split(',').map((p) => p.trim())) {
    const run = /^(\d+)(?:\.\.(\d+))?$/.exec(part)
    if (!run?.[1]) return null
    for (let n = Number(run[1]); n <= Number(run[2] ?? run[1]); n++) out.push(n)
  }
  return out
}

/** Whether a policy of a place holds at another: the same or one below it. Codes are filled up to six digits; empty is everywhere. */
export function holdsAt(policy: string, place: string): boolean {
  return place.padEnd(6, '0').startsWith(policy.replace(/(00)+$/, ''))
}

/** The short text of a condition as the builder shows it. */
export function parseAtom(text: string, facts: ReadonlyMap<string, FactKind>): Atom {
  const plain = text.trim()
  const flag = FLAG.exec(plain)
  if (flag?.[2] && facts.get(flag[2])?.kind === 'flag') return { kind: 'flag', fact: flag[2], not: Boolean(flag[1]) }
  const among = IN.exec(plain)
  const codes = among?.[2] ? codesOf(among[2]) : null
  if (among?.[1] && codes && facts.get(among[1])?.kind === 'code') return { kind: 'codes', fact: among[1], codes }
  const compare = COMPARE.exec(plain)
  const fact = compare?.[1] ? facts.get(compare[1]) : undefined
  if (compare && fact) {
    const op = compare[2] as Operator
    if (compare[5]) return { kind: 'param', fact: fact.code, op, param: compare[5], times: Number(compare[4] ?? 1) }
    if (fact.kind === 'code' && op === '=') return { kind: 'codes', fact: fact.code, codes: [Number(compare[3])] }
    return { kind: 'number', fact: fact.code, op, value: Number(compare[3]) }
  }
  return { kind: 'text', text: plain }
}

/** The short text of what the builder shows. */
export function printAtom(atom: Atom): string {
  switch (atom.kind) {
    case 'flag': return `${atom.not ? 'not ' : ''}${atom.fact}`
    case 'codes': return atom.codes.length === 1 ? `${atom.fact} = ${atom.codes[0]}` : `${atom.fact} in {${[...atom.codes].sort((a, b) => a - b).join(', ')}}`
    case 'number': return `${atom.fact} ${atom.op} ${atom.value}`
    case 'param': return `${atom.fact} ${atom.op} ${atom.times === 1 ? '' : `${atom.times} * `}@${atom.param}`
    case 'text': return atom.text
  }
}

/** Whether something is still to be chosen. */
export function isOpen(atom: Atom): boolean {
  switch (atom.kind) {
    case 'codes': return atom.codes.length === 0
    case 'number': return Number.isNaN(atom.value)
    case 'param': return atom.param === '' || !(atom.times > 0)
    case 'text': return atom.text.trim() === ''
    default: return false
  }
}

/** A fresh condition on a fact. */
export function atomOf(fact: FactKind): Atom {
  if (fact.kind === 'flag') return { kind: 'flag', fact: fact.code, not: false }
  if (fact.kind === 'code') return { kind: 'codes', fact: fact.code, codes: [] }
  return { kind: 'number', fact: fact.code, op: '>=', value: Number.NaN }
}

/** A number of a condition: money is written in fen, everything else as people write it. */
export const inText = (fact: FactKind, people: number): number => (isMoney(fact.unit) ? kept(people, fact.unit, fact.decimals) : people)
export const forPeople = (fact: FactKind, written: number): number => (isMoney(fact.unit) ? shown(written, fact.unit, fact.decimals) : written)

export type Join = 'all' | 'any' | 'not' | 'is'

export const joinOf = (clause: Clause): Join => (clause.all ? 'all' : clause.any ? 'any' : clause.not ? 'not' : 'is')

export const emptyClause = (): Clause => ({ is: '', text: '', text_en: '', source: '', verified: false })

/** The same conditions under another joint; nothing is lost. */
export function rejoined(clause: Clause, join: Join): Clause {
  const below = clause.all ?? clause.any ?? (clause.not ? [clause.not] : [{ ...clause }])
  const words = { text: joinOf(clause) === 'is' ? '' : clause.text, text_en: joinOf(clause) === 'is' ? '' : clause.text_en, source: joinOf(clause) === 'is' ? '' : clause.source, verified: clause.verified }
  const [first] = below
  if (join === 'all') return { all: below, ...words }
  if (join === 'any') return { any: below, ...words }
  if (join === 'not') return { not: below.length === 1 && first ? first : { all: below, text: '', text_en: '', source: '' }, ...words }
  return first ?? emptyClause()
}

/** One line of a sheet of numbers: `低保标准<TAB>720`. */
export interface PastedValue { code: string, value: number }

/** Numbers of a sheet by word or label, and what finds no place. */
export function pastedValues(rows: readonly (readonly string[])[], params: readonly Param[]): { values: PastedValue[], unknown: string[], wrong: string[] } {
  const out: { values: PastedValue[], unknown: string[], wrong: string[] } = { values: [], unknown: [], wrong: [] }
  for (const row of rows) {
    const [name, ...rest] = row.map((cell) => cell.trim())
    if (!name) continue
    const param = params.find((p) => p.code === name || p.label === name || p.label_en === name)
    const cells = rest.map((cell) => cell.replace(/[,\uff0c\uffe5\u00a5\u5143]/g, '')).filter((cell) => cell !== '')
    const number = cells.length > 0 ? Number(cells[cells.length - 1]) : Number.NaN
    if (!param) { if (rest.some((c) => /\d/.test(c))) out.unknown.push(name); continue }
    if (Number.isNaN(number) || number < 0) { out.wrong.push(name); continue }
    out.values.push({ code: param.code, value: kept(number, param.unit, param.decimals) })
  }
  return out
}

/** A table for Excel and WPS: values as people write them, a byte order mark, no cell that could be a formula. */
export function csvOf(header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const cell = (v: string | number | null): string => {
    const text = v === null ? '' : String(v)
    const safe = typeof v === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
  }
  return `\ufeff${[header, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}

/** A value as people write it, without its unit. */
export const plain = (p: Pick<Param, 'unit' | 'decimals'>, value: number): number => shown(value, p.unit, p.decimals)

export { digits }

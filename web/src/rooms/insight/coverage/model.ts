import type { Page, PlaceRef, Query } from '@/api/types'
import { parsePlaceCode } from '@/kit/placeCode'
import { KINDS, type Coverage, type CoverageAnswer, type CoverageKind, type CoverageRow } from './api'

/** What the page asks for; all of it stands in the address. Empty text and an empty list mean: as the server has it by default. */
export interface CoverageQuery {
  kind: CoverageKind
  place: string
  on: string
  from: string
  mode: 'strict' | 'area'
  kinds: string[]
}

type AddressQuery = Record<string, string | null | undefined | (string | null)[]>

const one = (value: AddressQuery[string]): string => (Array.isArray(value) ? value[0] : value) ?? ''
const many = (value: AddressQuery[string]): string[] => (Array.isArray(value) ? value : [value]).filter((v): v is string => !!v)

/** Reads the address; without a place it is the highest place of the account. */
export function fromAddress(query: AddressQuery, home: string): CoverageQuery {
  const kind = KINDS.find((k) => k === one(query.kind)) ?? 'station'
  return { kind, place: one(query.place) || home, on: one(query.on), from: one(query.from), mode: one(query.mode) === 'area' ? 'area' : 'strict', kinds: many(query.kinds) }
}

const HAS_MODE: readonly CoverageKind[] = ['point']
const HAS_PERIOD: readonly CoverageKind[] = ['service']

export const hasMode = (kind: CoverageKind): boolean => HAS_MODE.includes(kind)
export const hasPeriod = (kind: CoverageKind): boolean => HAS_PERIOD.includes(kind)

/** Division kinds that may be counted by choice beside towns, townships and streets, or beside villages and communities. */
export const OPTIONAL_KINDS: Partial<Record<CoverageKind, readonly string[]>> = {
  station: ['farm', 'reservoir', 'other_like_township'],
  point: ['like_residents', 'like_village', 'other_village'],
}

/** The query for the address: only what says something for this kind. */
export function toAddress(q: CoverageQuery): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = { kind: q.kind, place: q.place }
  if (q.on) kept.on = q.on
  if (q.from && hasPeriod(q.kind)) kept.from = q.from
  if (q.mode === 'area' && hasMode(q.kind)) kept.mode = 'area'
  if (q.kinds.length && OPTIONAL_KINDS[q.kind]) kept.kinds = q.kinds
  return kept
}

/** The query for the server. */
export const toServer = (q: CoverageQuery): Query => ({ ...toAddress(q), ...(hasMode(q.kind) ? { mode: q.mode } : {}), by: 'child' })

/** Another kind keeps place and day, but not what only the old one had. */
export const withKind = (q: CoverageQuery, kind: CoverageKind): CoverageQuery => ({ ...q, kind, kinds: [] })

/** Switches a division kind on or off, starting from what the server counts now. */
export const toggleKind = (included: string[], kind: string, on: boolean): string[] => (on ? [...included.filter((k) => k !== kind), kind] : included.filter((k) => k !== kind))

/** The level below which there is nothing to open: townships for stations and posts, villages for the rest. */
const leafLevel = (kind: CoverageKind): number => (kind === 'station' || kind === 'staffing' ? 4 : 5)

export const canDrill = (kind: CoverageKind, place: Pick<PlaceRef, 'level'>): boolean => place.level < leafLevel(kind)

/** Where a row leads: down to its children, or at the leaf to the records behind the figure. */
export function pathOf(q: CoverageQuery, place: PlaceRef): { path: string; query: Record<string, string | string[]> } {
  if (canDrill(q.kind, place)) return { path: '/coverage', query: toAddress({ ...q, place: place.code }) }
  const records = q.kind === 'point' ? '/points' : q.kind === 'station' || q.kind === 'staffing' ? '/stations' : '/persons'
  return { path: records, query: { place: place.code } }
}

export interface Crumb extends PlaceRef {
  /** False above the account's reach, where there is nothing to ask for. */
  open: boolean
}

/** The highest level an account may ask about: its own, and for the network its whole county (roles: rule `county`). */
export const reachLevel = (kind: CoverageKind, homeLevel: number): number => (kind === 'service' || kind === 'ledger' ? homeLevel : Math.min(homeLevel, 3))

/** The way up from a place; ancestors above the reach are named, not opened. */
export const trail = (ancestors: PlaceRef[], highest: number): Crumb[] => ancestors.map((place) => ({ ...place, open: place.level >= highest }))

/** Rows in the order of the division codes: figures of places are shown side by side, not ranked. */
export function byCode(rows: CoverageRow[]): CoverageRow[] {
  const digits = (row: CoverageRow) => parsePlaceCode(row.code_civil ?? row.code_stat ?? row.place.code)?.digits ?? row.place.code
  return [...rows].sort((a, b) => digits(a).localeCompare(digits(b)))
}

/** Length of a bar, 0 to 100; null when there is nothing to divide by, which is neither 0 nor 100. */
export function barLength(row: Pick<CoverageRow, 'percent'>): number | null {
  if (row.percent === null) return null
  const length = Number(row.percent)
  return Number.isFinite(length) ? Math.min(100, Math.max(0, length)) : null
}

export const percentText = (percent: string | null): string => (percent === null ? '—' : `${percent}%`)

/** `18/21  85.71%`, the words behind a bar. */
export const barLabel = (row: CoverageRow): string => `${row.numerator}/${row.denominator}  ${percentText(row.percent)}`

/** Whether the two official lists write this place differently, or one of them does not know it; villages stand in the statistics list only, which says nothing. */
export const listsDiffer = (row: Pick<CoverageRow, 'place' | 'code_civil' | 'code_stat'>): boolean =>
  row.code_civil !== row.code_stat && (row.place.level < 5 || (row.code_civil !== null && row.code_stat !== null))

export const isJob = (answer: CoverageAnswer | null): answer is { job: string } => answer !== null && 'job' in answer

/** The figures out of a finished job; null when it brought none. */
export function resultOf(result: Record<string, unknown> | null): Coverage | null {
  return result && Array.isArray(result.rows) && typeof result.total === 'object' ? (result as unknown as Coverage) : null
}

/** One empty page, for lists that have nothing to ask for yet. */
export const emptyPage = <T>(): Promise<Page<T>> => Promise.resolve({ items: [], next: null })

import { http, seg } from '@/api/client'
import type { Actor, Page, Place, PlaceRef, Query } from '@/api/types'

/** What is measured: stations in townships, points in villages, posts filled, people served, people in the ledger. */
export const KINDS = ['station', 'point', 'staffing', 'service', 'ledger'] as const
export type CoverageKind = (typeof KINDS)[number]

/** A figure of one place; `percent` is text with two decimals, null when there is nothing to divide by. */
export interface CoverageRow {
  place: PlaceRef
  code_civil: string | null
  code_stat: string | null
  numerator: number
  denominator: number
  percent: string | null
}

export interface Coverage {
  kind: CoverageKind
  mode: 'strict' | 'area' | null
  formula: string
  on: string
  from: string | null
  division_basis: string
  included_kinds: string[]
  unit: string
  rows: CoverageRow[]
  total: CoverageRow
  notes: string[]
}

/** A past day above the county takes long: the server answers with a job instead. */
export type CoverageAnswer = Coverage | { job: string }

export interface Missing {
  place: Place
  why: string
}

/** A person of the target population without a qualifying service; masked as the account's scope says. */
export interface Unserved {
  id: string
  name: string
  categories: string[]
  grade: string | null
  village: PlaceRef
  township: PlaceRef
  last_visit_on: string | null
  next_due_on: string | null
  worker: Actor | null
  last_served_on: string | null
}

export interface PlaceRecord extends Place {
  ancestors: PlaceRef[]
}

export const loadCoverage = (query: Query, signal?: AbortSignal) => http.get<CoverageAnswer>('/coverage', query, signal)
export const loadMissing = (query: Query, signal?: AbortSignal) => http.get<Page<Missing>>('/coverage/missing', query, signal)
export const loadUnserved = (query: Query, signal?: AbortSignal) => http.get<Page<Unserved>>('/coverage/unserved', query, signal)
export const loadPlace = (code: string, signal?: AbortSignal) => http.get<PlaceRecord>(`/divisions/${seg(code)}`, {}, signal)

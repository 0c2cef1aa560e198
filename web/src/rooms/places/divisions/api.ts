import { http, seg } from '@/api/client'
import type { Page, Place, PlaceRef, Query } from '@/api/types'

export interface Division extends Place {
  initials: string
  has_children: boolean
  origin: 'both' | 'stat' | 'civil'
  valid_from: string | null
  valid_to: string | null
  notes: string[]
  rev: number
  ancestors: PlaceRef[]
  note_tree: string | null
  /** How many children each list knows. */
  lists?: { stat: number; civil: number; both: number; stat_only: number; civil_only: number }
}

export interface DivisionEvent {
  id: string
  kind: string
  effective_on: string | null
  /** Day or year as the source writes it. */
  changed_on?: string
  approval_no: string
  note: string
  from: PlaceRef[]
  to: PlaceRef[]
}

export interface Review {
  reason: string
  county: PlaceRef
  code_stat: string | null
  name_stat: string | null
  code_civil: string | null
  name_civil: string | null
  settled: boolean
}

export const EVENT_KINDS = ['rename', 'recode', 'convert', 'reparent', 'merge', 'split', 'boundary', 'abolish', 'create'] as const
export type EventKind = (typeof EVENT_KINDS)[number]

/** A division that a split sets up. */
export interface NewPart {
  name: string
  kind?: string
  code_civil?: string
  code_stat?: string
  villages: string[]
}

export interface NewEvent {
  id: string
  kind: EventKind
  effective_on: string
  approval_no: string
  note?: string
  from: string[]
  to: string | null
  new_name?: string
  new_kind?: string
  new_code_civil?: string
  new_code_stat?: string
  parts?: NewPart[]
  villages?: string[]
  successors?: string[]
  closes?: boolean
}

/** How many rows of each kind a division event moves. */
export type Moved = Record<string, number>

export const loadDivision = (code: string, signal: AbortSignal) => http.get<Division>(`/divisions/${seg(code)}`, {}, signal)
export const loadEvents = (code: string, signal: AbortSignal) => http.get<Page<DivisionEvent>>(`/divisions/${seg(code)}/events`, {}, signal)
export const loadReviews = (query: Query, signal: AbortSignal) => http.get<Page<Review>>('/divisions/reviews', query, signal)
/** What an event moves, hints, and the job that carries it out when very many rows move. */
export interface Effect {
  moved: Moved
  notes?: string[]
  job?: string | null
}

export const recordEvent = (event: NewEvent) => http.post<Effect & { id: string }>('/division-events', event)

/** What an event would move, counted by the server without writing. */
export const previewEvent = (event: NewEvent) => http.post<Effect>('/division-events/preview', event)

export const loadRecorded = (query: Query, signal: AbortSignal) => http.get<Page<DivisionEvent & { moved: Moved }>>('/division-events', query, signal)

import { http, seg } from '@/api/client'
import type { Actor, Page, PlaceRef, Query } from '@/api/types'

export interface Addendum {
  id: string
  text: string
  by: Actor
  at: string
}

export interface Visit {
  id: string
  person: Actor
  kind: string
  mode: string
  visited_on: string
  started_at: string | null
  ended_at: string | null
  minutes: number | null
  contact_result: string
  companions: string | null
  summary: string
  risk_signs: string[]
  needs: string[]
  services: string[]
  work_field: string
  policies_explained: string | null
  actions: string | null
  next_visit_on: string | null
  place_note?: string | null
  no_signature_reason?: string | null
  place: PlaceRef | null
  worker: Actor
  state: 'completed' | 'void'
  void_reason: string | null
  locked: boolean
  locks_on: string
  addenda: Addendum[]
  /** Kept back: the visit is to a minor, whose file is opened by itself. */
  closed: boolean
  counts_as_served: boolean
  /** Whether a visit like this starts an interval of the person anew. */
  resets_timer: boolean
  group_id: string | null
  minutes_shared: boolean
  created_at: string
  rev: number
}

/** What a worker says about a visit; the same for a new one and for a revised one. */
export interface VisitWords {
  kind: string
  mode: string
  visited_on: string
  minutes?: number
  started_at?: string
  ended_at?: string
  contact_result: string
  companions?: string
  summary: string
  risk_signs: string[]
  needs: string[]
  services: string[]
  work_field: string
  policies_explained?: string
  actions?: string
  next_visit_on?: string
  place_note?: string
  no_signature_reason?: string
}

export interface NewVisit extends VisitWords {
  id: string
  person_id: string
  /** Others served in the same visit. */
  also?: string[]
  /** Asked about overlapping or long hours, the worker says they are right. */
  confirmed?: boolean
}

const at = (id: string): string => `/visits/${seg(id)}`

export const listVisits = (query: Query, signal?: AbortSignal) => http.get<Page<Visit>>('/visits', query, signal)
export const getVisit = (id: string, signal?: AbortSignal) => http.get<Visit>(at(id), {}, signal)
export const lastVisitOf = (person: string, signal?: AbortSignal) => http.get<Page<Visit>>('/visits', { person, limit: 5 }, signal).then((page) => page.items.find((v) => v.state === 'completed') ?? null)
export const recordVisit = (body: NewVisit) => http.post<Visit>('/visits', body)
export const reviseVisit = (id: string, rev: number, words: Partial<Record<keyof VisitWords | 'confirmed', unknown>>) => http.patch<Visit>(at(id), { rev, ...words })
export const addAddendum = (id: string, body: { id: string; text: string }) => http.post<Visit>(`${at(id)}/addenda`, body)
export const voidVisit = (id: string, body: { id: string; rev: number; reason: string }) => http.post<Visit>(`${at(id)}/void`, body)

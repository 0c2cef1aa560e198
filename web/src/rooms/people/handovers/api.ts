import { http, seg } from '@/api/client'
import type { Actor, Page, PlaceRef, Query } from '@/api/types'
import type { PersonRow } from '../persons/api'

/** What was open about a person when the hand-over was proposed. */
export interface OpenItems {
  ledger_state: string
  grade: string
  proposed_grade: string
  next_due_on: string | null
  last_visit_on: string | null
  failed_in_row: number
  tasks: { kind: string; due_on: string | null }[]
  households: number
}

export interface Handover {
  id: string
  kind: 'station' | 'worker'
  batch_id: string | null
  state: 'proposed' | 'accepted' | 'declined' | 'withdrawn'
  open: boolean
  /** Null when the account may not see the person (any more). */
  person: PersonRow | null
  from: PlaceRef | null
  from_township: PlaceRef | null
  to: PlaceRef | null
  to_township: PlaceRef | null
  from_worker: Actor | null
  to_worker: Actor | null
  reason: string
  note: string | null
  consent: string
  moved_on: string
  answer_by: string
  open_items: OpenItems
  proposed_by: Actor
  created_at: string
  decided_on: string | null
  decided_by: Actor | null
  answer: string | null
  answer_note: string | null
  trail_until: string | null
  rev: number
}

export interface NewHandover {
  id: string
  rev: number
  village: string
  moved_on: string
  address?: string
  reason: string
  note?: string
  consent: string
}

/** How many persons a worker (null: nobody) answers for in a place. */
export interface Caseload {
  worker: Actor | null
  in_office: boolean
  persons: number
}

export interface CaseloadStep {
  id: string
  batch_id: string
  place: string
  from_worker_id: string | null
  to_worker_id: string
  reason: string
  note?: string
  person_ids?: string[]
}

interface Refusal { id: string; rev: number; reason: string; note?: string }

const at = (id: string): string => `/handovers/${seg(id)}`

export const listHandovers = (query: Query, signal?: AbortSignal) => http.get<Page<Handover>>('/handovers', query, signal)
export const getHandover = (id: string, signal?: AbortSignal) => http.get<Handover>(at(id), {}, signal)
export const proposeHandover = (person: string, body: NewHandover) => http.post<Handover>(`/persons/${seg(person)}/handover`, body)
export const acceptHandover = (id: string, body: { id: string; rev: number; worker_id: string }) => http.post<Handover>(`${at(id)}/accept`, body)
export const declineHandover = (id: string, body: Refusal) => http.post<Handover>(`${at(id)}/decline`, body)
export const withdrawHandover = (id: string, body: Refusal) => http.post<Handover>(`${at(id)}/withdraw`, body)
export const listCaseloads = (place: string, signal?: AbortSignal) => http.get<Page<Caseload>>('/caseloads', { place }, signal).then((page) => page.items)
export const listUnassigned = (query: Query, signal?: AbortSignal) => http.get<Page<PersonRow>>('/caseloads/unassigned', query, signal)
export const assignCaseload = (body: CaseloadStep) => http.post<{ batch_id: string; left: number }>('/caseloads', body)

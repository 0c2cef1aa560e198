import { http, seg } from '@/api/client'
import type { Actor, Page, PlaceRef, Query } from '@/api/types'
import type { PolicyShort } from '../entitlements/api'

export type Kind = 'eligible' | 'lost' | 'unknown'

/** Findings of one kind of a policy; counted up to 10,000. */
export interface Counted {
  waiting: number
  more: boolean
  /** Of these, how many came up since the last day of screening. */
  new: number
}

export interface PolicyFindings {
  policy: PolicyShort
  eligible: Counted
  lost: Counted
  unknown: Counted
}

export interface Run {
  kind: 'full' | 'incremental'
  of_township: boolean
  /** The county's first: a baseline. */
  is_first: boolean
  day: string
  ended_at: string | null
  seen: number
  changed: number
  /** Persons a full run found different whom the daily ones had missed. */
  missed: number
}

export interface Screening {
  place: PlaceRef
  last: Run | null
  last_full_on: string | null
  can_run: boolean
  can_dismiss: boolean
  policies: PolicyFindings[]
}

/** A finding: a hint, no decision. */
export interface Finding {
  id: string
  person: Actor
  closed: boolean
  policy: PolicyShort
  kind: Kind
  since_on: string
  amount: number | null
  amount_unit: string
  is_example: boolean
  place: PlaceRef | null
  worker: Actor | null
  second_look: { reason: string, note: string, actor: Actor, at: string } | null
}

export const getScreening = (place: string, signal?: AbortSignal) => http.get<Screening>('/screening', { place }, signal)
export const listFindings = (query: Query, signal?: AbortSignal) => http.get<Page<Finding>>('/screening/findings', query, signal)
export const dismissFinding = (finding: string, body: { id: string, reason: string, note: string }) => http.post<void>(`/screening/findings/${seg(finding)}/dismissals`, body)
export const startScreening = (id: string, place: string) => http.post<{ job: string }>('/screening/runs', { id, place })

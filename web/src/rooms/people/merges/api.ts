import { http, seg } from '@/api/client'
import type { Actor, Page, PlaceRef, Query } from '@/api/types'
import type { PersonRow } from '../persons/api'

/** One field of both records. */
export interface FieldPair {
  field: string
  /** Code list of the values; null for plain text. */
  list: string | null
  survivor: string | null
  absorbed: string | null
  same: boolean
  /** The rule proposes the absorbed record's value. */
  take: boolean
}

export interface Comparison {
  survivor: PersonRow
  survivor_rev: number
  absorbed: PersonRow
  absorbed_rev: number
  fields: FieldPair[]
  moves: Record<string, number>
  stays: Record<string, number>
  rather_swap: boolean
  needs_second: boolean
  one_dead: boolean
}

export interface MergeSide {
  id: string
  name: string
  sex: string
  age: number | null
  township: PlaceRef | null
  id_number_masked: string | null
}

export interface Merge {
  id: string
  state: 'proposed' | 'declined' | 'merged' | 'undone'
  survivor: MergeSide
  absorbed: MergeSide
  take: string[]
  moved: Record<string, number>
  /** The ledger that did not go on, oldest step first. */
  other_ledger: { on: string; to: string; grade: string | null; reason: string }[]
  reason: string
  proposed_by: Actor
  proposed_at: string
  decided_by: Actor | null
  decided_at: string | null
  undone_by: Actor | null
  undone_at: string | null
  undo_reason: string | null
  mine: boolean
  rev: number
}

export interface NewMerge {
  id: string
  survivor_id: string
  survivor_rev: number
  absorbed_id: string
  absorbed_rev: number
  take: string[]
  reason: string
}

export const compareRecords = (survivor: string, absorbed: string, signal?: AbortSignal) => http.get<Comparison>('/merges/compare', { survivor, absorbed }, signal)
export const mergeRecords = (body: NewMerge) => http.post<Merge>('/merges', body)
export const listMerges = (query: Query, signal?: AbortSignal) => http.get<Page<Merge>>('/merges', query, signal)
export const confirmMerge = (merge: Merge) => http.post<Merge>(`/merges/${seg(merge.id)}/confirm`, { rev: merge.rev })
export const declineMerge = (merge: Merge, reason: string) => http.post<Merge>(`/merges/${seg(merge.id)}/decline`, { rev: merge.rev, reason })
export const undoMerge = (merge: Merge, id: string, reason: string, giveBack: string[]) => http.post<Merge>(`/merges/${seg(merge.id)}/undo`, { id, rev: merge.rev, reason, give_back: giveBack })

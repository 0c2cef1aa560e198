import { http, seg } from '@/api/client'
import type { Actor, Page, PlaceRef, Query } from '@/api/types'

export type RemovalKind = 'person' | 'household' | 'membership'

/** Something that was removed as entered in error. */
export interface Recycled {
  id: string
  kind: RemovalKind | 'visit'
  object_id: string
  person: Actor | null
  state: 'waiting' | 'binned' | 'restored' | 'declined'
  reason: string
  place: PlaceRef | null
  asked_by: Actor
  asked_at: string
  decided_by: Actor | null
  decided_at: string | null
  /** Last day on which it can be brought back here. */
  until: string | null
  restorable: boolean
  mine: boolean
  rev: number
}

export const listRecycled = (query: Query, signal?: AbortSignal) => http.get<Page<Recycled>>('/recycle-bin', query, signal)
export const removeRecord = (body: { id: string; kind: RemovalKind; object_id: string; rev: number; reason: string }) => http.post<Recycled>('/recycle-bin', body)
export const decideRemoval = (row: Recycled, act: 'approve' | 'decline') => http.post<Recycled>(`/recycle-bin/${seg(row.id)}/${act}`, { rev: row.rev })
export const restoreRecord = (row: Recycled, id: string) => http.post<Recycled>(`/recycle-bin/${seg(row.id)}/restore`, { id, rev: row.rev })

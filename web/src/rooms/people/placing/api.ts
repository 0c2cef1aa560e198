import { http, seg } from '@/api/client'
import type { Page, PlaceRef, Query } from '@/api/types'
import type { PersonRow } from '@/rooms/people/persons/api'

/** What a division event left to be assigned. */
export interface Queue {
  id: string
  kind: string
  from: PlaceRef | null
  township: PlaceRef | null
  /** Villages that may take it; none: any village of the county. */
  targets: PlaceRef[]
  effective_on: string
  approval_no: string
  closes: boolean
  state: 'open' | 'settled'
  total: number
  open_items: number
}

export const ITEM_KINDS = ['person', 'household', 'point'] as const
export type ItemKind = (typeof ITEM_KINDS)[number]

export interface QueueItem {
  kind: ItemKind
  id: string
  name: string
  person: PersonRow | null
  household_kind: string | null
  to: PlaceRef | null
}

export interface QueueState {
  total: number
  open_items: number
  state: 'open' | 'settled'
}

/** Rows and the village they belong to: some by name, or the next of a kind that still wait. */
export interface Placing {
  id: string
  to: string
  items?: { kind: ItemKind; id: string }[]
  rest?: ItemKind
}

export const loadQueues = (query: Query, signal: AbortSignal) => http.get<Page<Queue>>('/division-queues', query, signal)
export const loadQueue = (id: string, signal: AbortSignal) => http.get<Queue>(`/division-queues/${seg(id)}`, {}, signal)
export const loadItems = (id: string, query: Query, signal: AbortSignal) => http.get<Page<QueueItem>>(`/division-queues/${seg(id)}/items`, query, signal)
export const assign = (id: string, placing: Placing) => http.post<QueueState>(`/division-queues/${seg(id)}/assign`, placing)

import { http, seg } from '@/api/client'
import type { Page, Query } from '@/api/types'
import type { PersonRow } from '../persons/api'

/** Two records that may be one person. */
export interface Twin {
  id: string
  /** How alike, 0 to 100; a hint of the machine. */
  score: number
  why: string[]
  state: 'open' | 'dismissed' | 'merged'
  first: PersonRow
  second: PersonRow
  /** They lie in different townships: a merge needs a second person. */
  across: boolean
  decided_at: string | null
  reason: string | null
}

export const listTwins = (query: Query, signal?: AbortSignal) => http.get<Page<Twin>>('/duplicates', query, signal)
export const dismissTwin = (id: string, reason: string) => http.post<void>(`/duplicates/${seg(id)}/dismiss`, { reason })
export const scanPlace = (id: string, place: string) => http.post<{ job: string }>('/duplicates/scan', { id, ...(place ? { place } : {}) }).then((answer) => answer.job)

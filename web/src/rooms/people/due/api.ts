import { http } from '@/api/client'
import type { Page, Query } from '@/api/types'
import type { DueWhy, PersonRow } from '../persons/api'

export interface DueItem {
  person: PersonRow
  next_due_on: string
  overdue_days: number
  /** Who should look at it by now. */
  escalated_to?: 'none' | 'worker' | 'head' | 'reviewer'
  /** Null when a rule has changed since the day was set. */
  why: DueWhy | null
}

export const listDue = (query: Query, signal?: AbortSignal) => http.get<Page<DueItem>>('/due', query, signal)

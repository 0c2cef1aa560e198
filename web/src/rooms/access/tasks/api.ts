import { http, seg } from '@/api/client'
import type { Page, PlaceRef, Query } from '@/api/types'

export interface Task {
  id: string
  kind: string
  title?: string
  detail?: Record<string, unknown> | null
  subject_kind: string | null
  subject_id: string | null
  place: PlaceRef | null
  created_at: string
  /** Any day from the first to the last is in time. */
  from_on: string | null
  due_on: string | null
  overdue: boolean
  /** Cannot wait: stands before all others. */
  at_once: boolean
  /** Meant for the own account. */
  mine: boolean
  state: 'open' | 'done'
  done_on: string | null
  late_reason: string | null
  note: string | null
  rev: number
}

export interface Done {
  note: string
  done_on?: string
  late_reason?: string
}

export const loadTasks = (query: Query, signal: AbortSignal) => http.get<Page<Task>>('/tasks', query, signal)
export const finishTask = (task: Task, done: Done) => http.post<Task>(`/tasks/${seg(task.id)}/done`, { rev: task.rev, ...done })

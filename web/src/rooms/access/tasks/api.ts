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
  due_on: string | null
  state: 'open' | 'done'
  /** The contract leaves it out of rows; sent back when known. */
  rev?: number
}

export const loadTasks = (query: Query, signal: AbortSignal) => http.get<Page<Task>>('/tasks', query, signal)
export const finishTask = (task: Task, note: string) => http.post<void>(`/tasks/${seg(task.id)}/done`, { rev: task.rev ?? 1, note })

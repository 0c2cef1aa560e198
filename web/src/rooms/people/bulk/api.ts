import { http, seg } from '@/api/client'
import type { Actor, Page, PlaceRef, Query } from '@/api/types'

export type RunKind = 'assign' | 'grade' | 'confirm'
export type RowState = 'waiting' | 'done' | 'refused' | 'undone' | 'kept'

/** A bulk act and how its rows stand. */
export interface Run {
  id: string
  kind: RunKind | 'edit'
  actor: Actor
  worker: Actor | null
  grade: string | null
  created_at: string
  total: number
  waiting: number
  done: number
  refused: number
  undone: number
  kept: number
  undo_until: string
  can_undo: boolean
}

export interface RunRow {
  serial: number
  person: Actor
  state: RowState
  why: string
  why_en: string
}

export interface NewRun {
  id: string
  kind: RunKind
  worker_id?: string | null
  grade?: string
  basis?: string
  people?: string[]
  filter?: { place?: string; category?: string[]; grade?: string[]; state?: string[] }
}

/** The columns of the grid that can be edited. */
export const COLUMNS = ['phone', 'usual_name', 'address', 'worker', 'planned_on'] as const
export type GridColumn = (typeof COLUMNS)[number]

/** A row of the grid as it stands. */
export interface SheetRow {
  person: Actor
  grade: string | null
  village: PlaceRef | null
  number_masked: string | null
  phone_masked: string | null
  usual_name: string | null
  address_masked: string | null
  worker: Actor | null
  planned_on: string | null
  next_due_on: string | null
}

export interface CellFault {
  row: number
  column: GridColumn | null
  message: string
  message_en: string
}

export interface NewEdit {
  id: string
  rows: { person_id: string; values: Partial<Record<GridColumn, string>> }[]
  dry?: boolean
  only_good?: boolean
}

export const listRuns = (query: Query, signal?: AbortSignal) => http.get<Page<Run>>('/bulk-runs', query, signal)
export const getRun = (id: string, signal?: AbortSignal) => http.get<Run>(`/bulk-runs/${seg(id)}`, {}, signal)
export const rowsOf = (id: string, query: Query, signal?: AbortSignal) => http.get<Page<RunRow>>(`/bulk-runs/${seg(id)}/rows`, query, signal)
export const beginRun = (body: NewRun) => http.post<Run>('/bulk-runs', body)
export const undoRun = (run: string, id: string) => http.post<Run>(`/bulk-runs/${seg(run)}/undo`, { id })
export const sheet = (query: Query, signal?: AbortSignal) => http.get<Page<SheetRow>>('/bulk-edits', query, signal)
export const saveEdit = (body: NewEdit) => http.post<{ run: Run | null; faults: CellFault[] }>('/bulk-edits', body)

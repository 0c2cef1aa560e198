import { http, seg } from '@/api/client'
import type { Actor, Page, PlaceRef, Query } from '@/api/types'
import type { ListCode } from '../worklists/api'

export interface ExportRow {
  id: string
  list: ListCode
  query: string
  columns: string[]
  unmasked: boolean
  purpose: string
  people: number
  minors: number
  needs_approval: boolean
  state: 'waiting' | 'approved' | 'refused' | 'ready' | 'fetched'
  may_make: boolean
  by: Actor
  place: PlaceRef | null
  decided_by: Actor | null
  decision_note: string | null
  row_count: number | null
  file_hash: string | null
  created_at: string
  rev: number
}

export interface NewExport {
  list: ListCode
  query: string
  columns: string[]
  unmasked: boolean
  purpose: string
}

export interface Asked {
  id: string
  people: number
  minors: number
  needs_approval: boolean
}

export const askExport = (id: string, body: NewExport) => http.post<Asked>('/exports', { id, ...body })
export const makeExport = (id: string, job: string, english: boolean) => http.post<{ job: string }>(`/exports/${seg(id)}/make`, { job, english })
export const listExports = (query: Query, signal: AbortSignal) => http.get<Page<ExportRow>>('/exports', query, signal)
export const getExport = (id: string, signal: AbortSignal) => http.get<ExportRow>(`/exports/${seg(id)}`, undefined, signal)
export const decideExport = (of: ExportRow, approve: boolean, note: string) => http.post<ExportRow>(`/exports/${seg(of.id)}/decision`, { rev: of.rev, approve, note })
/** Address of a finished file, as the job names it. */
export const fileUrl = (link: string): string => `/api/v1${link}`

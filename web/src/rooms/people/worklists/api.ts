import { http, seg } from '@/api/client'
import type { Actor, Page, PlaceRef } from '@/api/types'

export type ListCode = 'persons' | 'due' | 'visits'

export interface Worklist {
  id: string
  list: ListCode
  name: string
  /** Query string of the list. */
  query: string
  columns: string[]
  sort: string
  mine: boolean
  owner: Actor
  shared_with: PlaceRef | null
  rev: number
}

export interface NewWorklist {
  list: ListCode
  name: string
  query: string
  columns: string[]
  sort: string
  shared: boolean
}

export type WorklistChange = Partial<Omit<NewWorklist, 'list'>>

export const listWorklists = (list: ListCode, signal?: AbortSignal) => http.get<Page<Worklist>>('/worklists', { list }, signal)
export const saveWorklist = (id: string, body: NewWorklist) => http.post<Worklist>('/worklists', { id, ...body })
export const changeWorklist = (of: Worklist, change: WorklistChange) => http.patch<Worklist>(`/worklists/${seg(of.id)}`, { rev: of.rev, ...change })
export const removeWorklist = (of: Worklist) => http.post<void>(`/worklists/${seg(of.id)}/remove`, { rev: of.rev })
export const countWorklist = (id: string, signal?: AbortSignal) => http.get<{ count: number; over: boolean }>(`/worklists/${seg(id)}/count`, undefined, signal)

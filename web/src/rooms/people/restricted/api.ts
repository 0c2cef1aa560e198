import { http, seg } from '@/api/client'
import type { Actor, Page, Query } from '@/api/types'
import type { PersonRow } from '../persons/api'

export type Way = 'named' | 'break_glass' | 'standing' | 'minor'

/** A restricted file before it is opened: what it is about is not told. */
export interface FileShort {
  id: string
  state: 'proposed' | 'open' | 'closed' | 'refused'
  part: string
  way: Way
  until: string | null
  follow_up_on: string | null
  created_at: string
  rev: number
}

export interface RestrictedCategory {
  code: string
  evidence_kind: string
  evidence_ref: string
  source: string
  to: string | null
  end_reason: string | null
}

export interface Content {
  what: 'fact' | 'note' | 'category'
  on: string
  text: string
  category: RestrictedCategory | null
}

export interface Entry {
  id: string
  entry_id: string
  version: number
  replaced: boolean
  content: Content
  by: Actor
  at: string
}

/** Who may look at something closed, asked and decided by whom. */
export interface Clearance {
  id: string
  way: Way
  part: string
  account: Actor
  asked_by: Actor
  asked_at: string
  minutes: number | null
  state: 'waiting' | 'approved' | 'refused' | 'revoked'
  in_force: boolean
  decided_by: Actor | null
  decided_at: string | null
  until: string | null
  rev: number
}

export interface FilePage extends FileShort {
  kind: string
  person: PersonRow
  entries: Entry[]
  names: Clearance[]
}

export interface MyFile {
  file: FileShort
  person: PersonRow
}

export interface InboxRow extends Clearance {
  person: PersonRow | null
}

export interface Request extends Clearance {
  person: Actor
  reason: string
  together: Clearance[]
}

export interface Candidate {
  account: Actor
  role: string
}

export interface NewName {
  id: string
  account: string
  part: string
}

export interface NewEntry {
  id: string
  replaces: string | null
  content: Content
}

export interface NewFile {
  id: string
  kind: string
  reason: string
  names: NewName[]
  entries: NewEntry[]
  follow_up_on: string | null
}

/** Whether the file of a person is open to the caller; matters for minors. */
export interface Opening {
  minor: boolean
  open: boolean
  way: string | null
  until: string | null
  request: 'waiting' | 'approved' | 'refused' | 'revoked' | null
}

export const loadFiles = (person: string, signal?: AbortSignal): Promise<Page<FileShort>> => http.get(`/persons/${seg(person)}/restricted-files`, undefined, signal)
export const loadMine = (query: Query, signal?: AbortSignal): Promise<Page<MyFile>> => http.get('/restricted-files', query, signal)
export const openFile = (file: string, reason: string): Promise<FilePage> => http.post(`/restricted-files/${seg(file)}/open`, { reason })
export const loadCandidates = (person: string): Promise<Page<Candidate>> => http.get(`/persons/${seg(person)}/restricted-candidates`)
export const proposeFile = (person: string, file: NewFile): Promise<{ id: string }> => http.post(`/persons/${seg(person)}/restricted-files`, file)
export const addEntry = (file: string, entry: NewEntry): Promise<{ id: string }> => http.post(`/restricted-files/${seg(file)}/entries`, entry)
export const breakGlass = (person: string, wish: { id: string; reason: string; minutes: number }): Promise<{ id: string }> => http.post(`/persons/${seg(person)}/break-glass`, wish)

export const loadInbox = (query: Query, signal?: AbortSignal): Promise<Page<InboxRow>> => http.get('/clearances', query, signal)
export const loadRequest = (id: string): Promise<Request> => http.get(`/clearances/${seg(id)}`)
export const decide = (id: string, rev: number, approve: boolean, note?: string): Promise<Clearance> => http.post(`/clearances/${seg(id)}/decide`, { rev, approve, note: note || null })
export const revoke = (id: string, rev: number, reason: string): Promise<Clearance> => http.post(`/clearances/${seg(id)}/revoke`, { rev, reason })
export const approveStanding = (worker: string): Promise<{ approved: number; more: boolean }> => http.post('/clearances/standing', { worker })
export const loadClearances = (person: string, signal?: AbortSignal): Promise<Page<Clearance>> => http.get(`/persons/${seg(person)}/clearances`, undefined, signal)

export const loadOpening = (person: string): Promise<Opening> => http.get(`/persons/${seg(person)}/opening`)
export const askOpening = (person: string, wish: { id: string; reason: string; minutes: number }): Promise<Opening> => http.post(`/persons/${seg(person)}/opening`, wish)

import { http, seg } from '@/api/client'
import type { Actor, Page, PlaceRef, Query } from '@/api/types'
import type { Opening } from '../restricted/api'

export type DueState = 'none' | 'ok' | 'soon' | 'due' | 'overdue'
export type MatchedBy = 'name' | 'pinyin' | 'initials' | 'id_number' | 'id_last4' | 'phone_last4'

/** A person as lists show one; names and numbers are masked by the server where the account may not see them. */
export interface PersonRow {
  id: string
  name: string
  sex: string
  age: number | null
  birth_date: string | null
  categories: string[]
  grade: string | null
  ledger_state: string | null
  village: PlaceRef | null
  township: PlaceRef | null
  id_number_masked: string | null
  phone_masked: string | null
  last_visit_on: string | null
  next_due_on: string | null
  due_state: DueState
  worker: Actor | null
  died_on: string | null
  /** A minor whose file is closed to the reader: masked. */
  closed: boolean
  /** Handed over: seen by a read trail only. */
  away: boolean
  matched?: { by: MatchedBy }
}

export interface CategoryAssignment {
  id: string
  category: string
  label: string
  statutory: boolean
  source: string
  evidence_kind: string
  evidence_ref: string
  from: string
  to: string | null
  end_reason: string | null
  next_review_on: string | null
  /** Why the next review comes early, a code of `recheck_cause`. */
  review_cause?: string | null
  reviewed_on?: string | null
  sub_code?: string | null
  valid_until?: string | null
  rev: number
}

/** A running limit; any day from `from` to `until` is in time. */
export interface LedgerTimer {
  kind: string
  category: string | null
  about: string
  from: string
  until: string
  state: 'ok' | 'open' | 'due' | 'overdue'
  source: string
  verified: boolean
  /** An authority owns the decision. */
  statutory: boolean
}

/** A red risk sign; `sign` is empty where names are masked. */
export interface RiskView {
  id: string
  sign: string
  state: 'open' | 'closing' | 'closed'
  opened_on: string
  opened_by: Actor
  asked_by: Actor | null
  close_note: string
  /** Whether this account may take the next step. */
  allowed: boolean
  rev: number
}

export interface LedgerTransition {
  at: string
  on: string
  /** Empty at the beginning of an episode. */
  from: string | null
  to: string
  grade?: string | null
  actor: Actor
  /** A code of the reasons of `to`; `proposed` and `graded` mark proposals and confirmed grades. */
  reason: string | null
  note: string | null
  evidence?: { kind: string; reference: string }[]
}

export interface Ledger {
  id: string
  state: string
  grade: string | null
  /** Proposed by a worker, waiting for the station head. */
  proposed_grade?: string | null
  proposed_by?: Actor | null
  episode: number
  opened_on: string
  rev: number
  allowed: string[]
  reviewed_on: string | null
  /** How far an active entry has come: graded, served, review_due. */
  stages: string[]
  /** The most urgent first. */
  timers: LedgerTimer[]
  may_review: boolean
  /** Newest first. */
  transitions: LedgerTransition[]
}

/** A household as the page of a person shows it. */
export interface PersonHousehold {
  id: string
  kind: string
  relation: string
  is_head: boolean
  members: number
  from: string
}

/** Why somebody is due: the interval in force and where it comes from. */
export interface DueWhy {
  interval_days: number
  /** `grade:A`, `category:LEFT_CHILD`, `state:lead` or `state:verifying`. */
  from: string
  source: string
  verified: boolean
  /** The longer interval this place had set and may not. */
  wished_days?: number | null
}

export interface PersonPage extends PersonRow {
  usual_name: string | null
  former_names: string[]
  ethnicity: string | null
  marital: string | null
  education: string | null
  political: string | null
  nationality: string | null
  documents: { doc_type: string; number_masked: string | null; primary: boolean }[]
  hukou_village: PlaceRef | null
  hukou_address: string | null
  address_masked: string | null
  residence_since: string | null
  mismatch: boolean
  /** Who answers for the person; a server before hand-overs leaves it out. */
  answers?: {
    station: Actor | null
    benefit_office: PlaceRef | null
    handover: { id: string; from: PlaceRef | null; to: PlaceRef | null; answer_by: string; rev: number } | null
    read_only: boolean
    read_until: string | null
  }
  note: string | null
  told: { on: string; way: string } | null
  risks: RiskView[]
  red_open: number
  ledger: Ledger
  categories_open: CategoryAssignment[]
  categories_closed: CategoryAssignment[]
  households: PersonHousehold[]
  stats: { visits_total: number; visits_12m: number; days_since_visit: number | null }
  due_why?: DueWhy | null
  /** Whether the file is open to the reader, and how; matters for minors. */
  opening: Opening
  /** What looks odd and does not block. */
  warnings?: { code: string; message: string; message_en: string }[]
  rev: number
}

export interface TimelineEntry {
  at: string
  on: string | null
  kind: 'visit' | 'ledger' | 'category' | 'person' | 'household' | 'handover' | 'addendum'
  title: string
  text: string | null
  actor: Actor | null
  ref_id: string
}

export type DuplicateWhy = 'same_number' | 'same_name_birth' | 'same_name_village'
export interface Duplicate {
  person: PersonRow
  why: DuplicateWhy[]
}

export interface NewCategory {
  id: string
  category: string
  from: string
  evidence_kind: string
  evidence_ref: string
  source: string
  sub_code?: string
  valid_until?: string
}

export interface NewPerson {
  id: string
  name: string
  sex: string
  birth_date?: string
  ethnicity?: string
  doc_type: string
  number?: string
  no_number_reason?: string
  phone?: string
  village: string
  address?: string
  hukou_village?: string
  hukou_address?: string
  residence_since?: string
  usual_name?: string
  former_names?: string[]
  marital?: string
  education?: string
  political?: string
  nationality?: string
  lead_source: string
  found_by_visit?: boolean
  note?: string
  categories: NewCategory[]
  told?: { on: string; way: string }
}

type Changeable = Omit<NewPerson, 'id' | 'categories' | 'lead_source' | 'found_by_visit' | 'number' | 'doc_type'>
/** What is left out stays as it is, null clears. */
export type PersonChange = { [K in keyof Changeable]?: Changeable[K] | null }
export type Revealable = 'id_number' | 'phone' | 'address' | 'hukou_address' | 'name'

/** `township village` of somebody. */
export const homeOf = (p: Pick<PersonRow, 'township' | 'village'>): string => [p.township?.name, p.village?.name].filter(Boolean).join(' ')

export interface Param {
  code: string
  label: string
  value: unknown
  unit: string
  place: PlaceRef
  from: string
  to: string | null
  source: string
  verified: boolean
}

const at = (id: string): string => `/persons/${seg(id)}`

export const listPersons = (query: Query, signal?: AbortSignal) => http.get<Page<PersonRow>>('/persons', query, signal)
export const getPerson = (id: string, signal?: AbortSignal) => http.get<PersonPage>(at(id), {}, signal)
export const createPerson = (body: NewPerson) => http.post<PersonPage>('/persons', body)
export const changePerson = (id: string, rev: number, change: PersonChange) => http.patch<PersonPage>(at(id), { rev, ...change })
export const findDuplicates = (body: { name: string; birth_date?: string; sex?: string; village?: string; doc_type?: string; number?: string; phone?: string }) =>
  http.post<{ items: Duplicate[] }>('/persons/duplicates', body).then((answer) => answer.items)
export const reveal = (id: string, field: Revealable, reason: string) =>
  http.post<{ value: string }>(`${at(id)}/reveal`, { field, reason }).then((answer) => answer.value)
export const addCategory = (id: string, body: NewCategory) => http.post<unknown>(`${at(id)}/categories`, body)
export const endCategory = (id: string, body: { rev: number; to: string; reason: string }) => http.post<unknown>(`/categories/${seg(id)}/end`, body)
export const moveLedger = (id: string, body: { id: string; rev: number; to: string; on: string; reason?: string; note?: string; grade?: string; floor_reason?: string; evidence?: { kind: string; reference: string }[] }) =>
  http.post<PersonPage>(`${at(id)}/ledger`, body)
export const gradePerson = (id: string, body: { id: string; rev: number; grade: string; basis: string; floor_reason?: string }) => http.post<PersonPage>(`${at(id)}/grade`, body)
export const recordDeath = (id: string, body: { id: string; rev: number; died_on: string; evidence_ref: string }) => http.post<PersonPage>(`${at(id)}/death`, body)
export const timelineOf = (id: string, cursor: string | null, signal?: AbortSignal) =>
  http.get<Page<TimelineEntry>>(`${at(id)}/timeline`, { limit: 20, cursor }, signal)
export const paramsAt = (place: string, signal?: AbortSignal) => http.get<{ items: Param[] }>('/params', { place }, signal).then((answer) => answer.items)

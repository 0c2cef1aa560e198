import { http, seg } from '@/api/client'
import type { Actor, Page, PlaceRef, Query } from '@/api/types'
import type { PolicyShort } from '../entitlements/api'

export type State = 'draft' | 'accepted' | 'surveyed' | 'opinion' | 'publicity' | 'submitted' | 'confirmed' | 'refused' | 'withdrawn'
export type Act = 'hand_in' | 'accept' | 'survey' | 'opinion' | 'publicity_start' | 'publicity_end' | 'submit' | 'confirm' | 'refuse' | 'announce' | 'tell' | 'withdraw'

export interface Application {
  id: string
  person: Actor
  policy: PolicyShort
  state: State
  worker: Actor
  place: PlaceRef | null
  opened_on: string
  state_on: string
  due_on: string | null
  /** Days until `due_on`; negative when it has passed. */
  days_left: number | null
  rev: number
}

export interface Paper {
  text: string
  text_en: string
  /** Obtained by data match: nobody is asked for it. */
  matched: boolean
  answer: 'have' | 'not_needed' | null
}

export interface Consent { by: string, on: string, how: string }

export interface Step {
  id: string
  act: Act | 'open'
  on: string
  actor: Actor
  at: string
  text: string
  detail: { surveyors?: string[], agree?: boolean, until?: string, objection?: boolean, upstream_no?: string, document?: string, amount?: number | null, category?: string | null }
}

export interface DueDay {
  step: string
  step_en: string
  days: number
  workdays: boolean
  source: string
  verified: boolean
  due_on: string | null
}

export interface ApplicationPage extends Application {
  route: string
  route_en: string
  publicity: string
  public: boolean
  notice_days_known: boolean
  accepted_on: string | null
  publicity_to: string | null
  submitted_on: string | null
  upstream_no: string | null
  decided_on: string | null
  document: string | null
  reason: string | null
  amount: number | null
  amount_unit: string
  told_on: string | null
  announced_on: string | null
  consent: Consent | null
  is_relative: boolean | null
  relative_note: string | null
  note: string | null
  papers: Paper[]
  limits: DueDay[]
  holidays_known: boolean
  steps: Step[]
  acts: Act[]
  categories: string[]
  can_prepare: boolean
  appeal: string | null
  appeal_en: string | null
}

/** What is being prepared; what is left out stays. */
export interface Changes {
  rev: number
  consent?: Consent
  is_relative?: boolean
  relative_note?: string
  answers?: Record<string, 'have' | 'not_needed'>
  note?: string
}

export interface NewAct {
  id: string
  rev: number
  act: Act
  on: string
  text?: string
  surveyors?: string[]
  agree?: boolean
  until?: string
  objection?: boolean
  upstream_no?: string
  document?: string
  amount?: number
  category?: string
}

const at = (id: string): string => `/applications/${seg(id)}`

export const listApplications = (query: Query, signal?: AbortSignal) => http.get<Page<Application>>('/applications', query, signal)
export const getApplication = (id: string, signal?: AbortSignal) => http.get<ApplicationPage>(at(id), {}, signal)
export const beginApplication = (body: { id: string, person_id: string, policy: string }) => http.post<ApplicationPage>('/applications', body)
export const changeApplication = (id: string, body: Changes) => http.patch<ApplicationPage>(at(id), body)
export const actOn = (id: string, body: NewAct) => http.post<ApplicationPage>(`${at(id)}/acts`, body)

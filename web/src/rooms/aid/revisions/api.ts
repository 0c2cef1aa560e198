import { http, seg } from '@/api/client'
import type { Actor, Page, PlaceRef, Query } from '@/api/types'
import type { FactKind, Param, PolicyShort } from '../entitlements/api'

export type Kind = 'standards' | 'policy'
export type State = 'draft' | 'handed' | 'in_force' | 'withdrawn' | 'void'
export type Act = 'hand_in' | 'approve' | 'refuse' | 'withdraw' | 'void'

export interface Document {
  name: string
  number: string
  issuer: string
  issued_on: string | null
  from_on: string
  kept_at: string
  /** The author had the document itself at hand. */
  verified: boolean
  note: string
}

export interface NewValue { code: string, value: number, to: string | null }

/** A condition: exactly one of `is`, `all`, `any`, `not`. */
export interface Clause {
  is?: string | null
  all?: Clause[] | null
  any?: Clause[] | null
  not?: Clause | null
  text: string
  text_en: string
  source: string
  verified?: boolean | null
}

export interface Row { when?: string | null, is: string }
export interface Name { name: string, is?: string | null, table?: Row[] | null }
export interface Amount { is?: string | null, table?: Row[] | null, rounding: string, unit: string, text: string, text_en: string, source: string, verified?: boolean | null }
export interface Version { when: Clause, let?: Name[], amount?: Amount | null }
export interface Example { name: string, facts: Record<string, number>, is: string, amount: number | null }

export interface Body { values: NewValue[], policy: string | null, version: Version | null, examples: Example[] }

export interface Revision {
  id: string
  kind: Kind
  place: PlaceRef | null
  name: string
  number: string
  from_on: string
  state: State
  policy: PolicyShort | null
  values: number
  author: Actor
  created_at: string
  rev: number
}

export interface PolicyEffect {
  policy: string
  title: string
  title_en: string
  gains: number
  loses: number
  unknown: number
  settled: number
  more: number
  less: number
}

export interface Effect { persons: number, policies: PolicyEffect[] }

export interface ExampleResult { name: string, passes: boolean, is: string, amount: number | null }

export interface RevisionPage extends Revision {
  document: Document
  body: Body
  values_shown: { before: Param, value: number, to: string | null }[]
  examples: ExampleResult[]
  effect: Effect | null
  effect_on: string | null
  decided_by: Actor | null
  decided_at: string | null
  decision_note: string | null
  acts: Act[]
  can_draft: boolean
}

export interface Standard extends Param { policies: PolicyShort[] }
export interface Standards { place: PlaceRef, on: string, items: Standard[] }
export interface VersionView { policy: PolicyShort, from: string, to: string | null, source: string, own: boolean, version: Version }
export interface Library { items: PolicyShort[], facts: FactKind[] }

/** Somebody whom a draft would change; told once, by the job. */
export interface Changed { id: string, name: string, policy: string, how: 'gains' | 'loses' | 'unknown' | 'settled' | 'more' | 'less' }

const at = (id: string): string => `/policy-revisions/${seg(id)}`

export const listRevisions = (query: Query, signal?: AbortSignal) => http.get<Page<Revision>>('/policy-revisions', query, signal)
export const getRevision = (id: string, signal?: AbortSignal) => http.get<RevisionPage>(at(id), {}, signal)
export const draftRevision = (body: { id: string, kind: Kind, place: string, document: Document, body: Body }) => http.post<RevisionPage>('/policy-revisions', body)
export const changeRevision = (id: string, body: { rev: number, document: Document, body: Body }) => http.patch<RevisionPage>(at(id), body)
export const actOn = (id: string, body: { id: string, rev: number, act: Act, note: string }) => http.post<RevisionPage>(`${at(id)}/acts`, body)
export const weigh = (id: string) => http.post<{ job_id: string }>(`${at(id)}/effect`, {})
export const getStandards = (query: Query, signal?: AbortSignal) => http.get<Standards>('/policy-standards', query, signal)
export const getVersion = (policy: string, query: Query, signal?: AbortSignal) => http.get<VersionView>(`/policies/${seg(policy)}/version`, query, signal)
export const getLibrary = (signal?: AbortSignal) => http.get<Library>('/policies', {}, signal)

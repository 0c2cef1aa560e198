import { http, seg } from '@/api/client'
import type { PlaceRef } from '@/api/types'

export type Status = 'receives' | 'eligible' | 'unknown' | 'not'
export type State = 'known' | 'unknown' | 'none' | 'stale' | 'contradictory'
export type Held = 'value' | 'none' | 'unknown'

export interface PolicyShort {
  id: string
  number: string
  title: string
  title_en: string
  nature: 'benefit' | 'duty'
  stage: 'identity' | 'special' | 'emergency'
  unit: 'person' | 'household'
  verified: boolean
  legal: string[]
  /** Code of the county, city or province it holds in; everywhere when empty. */
  place: string
}

/** What one policy says of a person: a hint, no decision. */
export interface Answered {
  policy: PolicyShort
  status: Status
  /** In units of `amount_unit`; money in 分. */
  amount: number | null
  low: number | null
  high: number | null
  amount_unit: string
  amount_text: string
  amount_text_en: string
  example: boolean
  /** The smallest sets of facts that would settle it. */
  missing: string[][]
  amount_missing: string[]
  /** Usually not asked at this age. */
  unlikely: boolean
  params_missing: boolean
}

export interface Question {
  fact: string
  settles: number
  helps: number
  policies: PolicyShort[]
}

export interface Fact {
  code: string
  state: State
  value: number | null
  source: string
  as_of: string | null
  note: string
  told: number
}

export interface FactKind {
  code: string
  label: string
  label_en: string
  kind: 'flag' | 'number' | 'code'
  of: 'person' | 'household'
  unit: string
  decimals: number
  min: number
  max: number
  sensitive: boolean
  sources: string[]
  valid_days: number | null
  ask: string
  may_not_apply: boolean
  choices: { code: number, label: string, label_en: string }[]
}

export interface Entitlements {
  person_id: string
  on: string
  place: PlaceRef | null
  unit: { members: number, known: boolean }
  items: Answered[]
  questions: Question[]
  facts: Fact[]
  kinds: FactKind[]
  can_tell: boolean
}

export interface Param {
  code: string
  label: string
  label_en: string
  unit: string
  decimals: number
  value: number | null
  place: string | null
  place_name: string
  from: string | null
  source: string
  example: boolean
  verified: boolean
}

export interface Reason {
  depth: number
  join: 'leaf' | 'all' | 'any' | 'not'
  says: boolean | null
  text: string
  text_en: string
  written: string
  source: string
  verified: boolean
  facts: string[]
  params: Param[]
}

export interface PolicyPage extends PolicyShort {
  route: string
  route_en: string
  publicity: string
  no_publicity: boolean
  review_months: number | null
  limits: { step: string, step_en: string, days: number, workdays: boolean, source: string, verified: boolean }[]
  evidence: { text: string, text_en: string, matched: boolean }[]
  conflicts: PolicyShort[]
}

export interface Reasons {
  policy: PolicyPage
  answer: Answered
  version_from: string | null
  version_source: string
  reasons: Reason[]
  facts: Fact[]
  kinds: FactKind[]
}

export interface NewFact {
  id: string
  code: string
  held: Held
  value: number | null
  source: string
  as_of: string
  note: string
}

export const getEntitlements = (person: string, signal?: AbortSignal) => http.get<Entitlements>(`/persons/${seg(person)}/entitlements`, {}, signal)
export const getReasons = (person: string, policy: string, signal?: AbortSignal) => http.get<Reasons>(`/persons/${seg(person)}/entitlements/${seg(policy)}`, {}, signal)
export const tellFact = (person: string, body: NewFact) => http.post<Entitlements>(`/persons/${seg(person)}/facts`, body)

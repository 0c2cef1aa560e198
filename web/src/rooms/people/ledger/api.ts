import { http, seg } from '@/api/client'
import type { PersonPage } from '../persons/api'

/** One rule that fired. */
export interface GradeReason {
  code: string
  label: string
  label_en: string
  points: number
  floor: string | null
  source: string
  verified: boolean
}

/** Which grade the facts suggest, and why. */
export interface Suggestion {
  grade: string
  score: number
  by_score: string
  floor: string | null
  reasons: GradeReason[]
  version: string
}

export interface Evidence {
  kind: string
  reference: string
}

export interface NewReview {
  id: string
  rev: number
  on: string
  outcome: string
  note: string
  evidence: Evidence[]
  grade?: string
  floor_reason?: string
  reason?: string
}

export interface CategoryReview {
  id: string
  rev: number
  on: string
  outcome: string
  note: string
  evidence_kind: string
  evidence_ref: string
  valid_until?: string
  sub_code?: string
}

const at = (id: string): string => `/persons/${seg(id)}`

export const suggestionFor = (id: string, signal?: AbortSignal) => http.get<Suggestion>(`${at(id)}/grading`, {}, signal)
export const reviewEntry = (id: string, body: NewReview) => http.post<PersonPage>(`${at(id)}/review`, body)
export const closeRisk = (id: string, risk: string, body: { id: string; rev: number; note: string }) => http.post<PersonPage>(`${at(id)}/risks/${seg(risk)}/close`, body)
export const reviewCategory = (id: string, category: string, body: CategoryReview) => http.post<PersonPage>(`${at(id)}/categories/${seg(category)}/review`, body)
export const recheckCategory = (id: string, category: string, body: { id: string; rev: number; cause: string; on: string }) =>
  http.post<PersonPage>(`${at(id)}/categories/${seg(category)}/recheck`, body)

import { http } from '@/api/client'
import type { PlaceRef } from '@/api/types'
import type { Condition, Numeric, Policy } from './engine/types'

export interface PolicyShort { id: string, number: string, title: string, title_en: string, nature: 'benefit' | 'duty', stage: string, unit: string, verified: boolean, legal: string[], place: string }
export interface Clause { text: string, text_en: string, source: string, verified: boolean }
export interface ConditionWords extends Clause { depth: number, join: 'leaf' | 'all' | 'any' | 'not' }
export interface Limit { step: string, step_en: string, days: number, workdays: boolean, source: string, verified: boolean }

/** A standard of the place, with its document. */
export interface Param { code: string, label: string, label_en: string, unit: string, decimals: number, value: number | null, place: string | null, place_name: string, from: string | null, source: string, example: boolean, verified: boolean }

/** A policy as anybody may read it. */
export interface PublicPolicy extends PolicyShort {
  what: string, what_en: string, who: string, who_en: string
  route: string, route_en: string
  bring: Clause[]
  matched: boolean
  limits: Limit[]
  publicity: string
  no_publicity: boolean
  conflicts: PolicyShort[]
  amount: (Clause & { unit: string }) | null
  params: Param[]
  conditions: ConditionWords[]
  version_from: string
  version_source: string
  checked: boolean
}

export interface Situation { id: string, title: string, title_en: string, intro: string, intro_en: string, policies: string[] }
export interface Library { on: string, places: PlaceRef[], situations: Situation[], items: PublicPolicy[] }

/** A fact and how it is asked. */
export interface CheckFact {
  code: string, label: string, label_en: string
  kind: 'flag' | 'number' | 'code'
  of: 'person' | 'household'
  unit: string, decimals: number, min: number, max: number
  sensitive: boolean
  choices: { code: number, label: string, label_en: string }[]
  question: string, question_en: string, help: string, help_en: string
  ages: [number, number] | null
  status: boolean
  implies: { answer: number, fact: string, value: number }[]
}

export interface CheckLine extends ConditionWords { condition: number }
export interface CheckPolicy extends Policy { id: string, receives: number | null, params_missing: boolean, example: boolean, lines: CheckLine[] }

/** The conditions of a place as data; nothing is ever sent back. */
export interface CheckPlan { on: string, places: PlaceRef[], facts: CheckFact[], conditions: Condition[], numbers: Numeric[], policies: CheckPolicy[] }

export const getLibrary = (place: string, signal?: AbortSignal) => http.open<Library>('/library', { place }, signal)
export const getPlan = (place: string, signal?: AbortSignal) => http.open<CheckPlan>('/library/conditions', { place }, signal)
export const getPlaces = (under: string, signal?: AbortSignal) => http.open<{ items: PlaceRef[] }>('/library/places', { under }, signal)

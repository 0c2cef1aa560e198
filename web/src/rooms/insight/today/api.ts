import { http } from '@/api/client'
import type { PlaceRef } from '@/api/types'

/** The few facts of a person that the first page shows. */
export interface TodayPerson {
  id: string
  name: string
  age: number | null
  categories: string[]
  grade: string | null
  village: PlaceRef
  township: PlaceRef
  phone_masked: string | null
}

export interface DueItem {
  person: TodayPerson
  next_due_on: string
  overdue_days: number
  /** Null when a rule has changed since the day was set. */
  why: { interval_days: number; from: string; source: string; verified: boolean } | null
}

export interface TodayTask {
  id: string
  kind: string
  title?: string
  detail?: Record<string, unknown> | null
  subject_kind: string | null
  subject_id: string | null
  place: PlaceRef | null
  due_on: string | null
  at_once: boolean
}

export interface TodayCoverage {
  numerator: number
  denominator: number
  percent: string | null
  from: string
  on: string
  place: PlaceRef
}

export interface Today {
  date: string
  counts: { overdue: number; due_7d: number; leads: number; verifying: number; tasks: number; tasks_overdue: number; reviews: number; not_reached: number; capped?: boolean }
  due: DueItem[]
  leads: TodayPerson[]
  tasks: TodayTask[]
  coverage: TodayCoverage | null
  visits_by_day: { day: string; n: number }[]
}

export const loadToday = (signal: AbortSignal): Promise<Today> => http.get<Today>('/today', {}, signal)

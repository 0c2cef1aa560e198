import { http } from '@/api/client'
import type { Actor, PlaceRef } from '@/api/types'

/** One planned visit or call, or somebody who does not fit. */
export interface Stop {
  person: Actor
  grade: string | null
  village: PlaceRef | null
  how: 'visit' | 'call'
  fixed: boolean
  next_due_on: string
  overdue_days: number
}

export interface PlanDay {
  day: string
  stops: Stop[]
}

export interface Plan {
  worker: Actor
  from: string
  to: string
  visits_per_day: number
  calls_per_day: number
  due: number
  visits: number
  calls: number
  unmet: number
  days: PlanDay[]
  unmet_people: Stop[]
  cut: boolean
}

interface Share {
  due: number
  priority: number
  visits: number
  calls: number
  unmet: number
}

export type WorkerLoad = Share & { worker: Actor | null }
export type TownshipLoad = Share & { place: PlaceRef; workers: WorkerLoad[] }

export interface Load {
  place: PlaceRef
  from: string
  to: string
  days: number
  due: number
  unmet: number
  townships: TownshipLoad[]
}

export const planOf = (worker: string, place: string, signal?: AbortSignal) => http.get<Plan>('/visit-plan', { worker, place }, signal)
export const loadOf = (place: string, signal?: AbortSignal) => http.get<Load>('/visit-plan/load', { place }, signal)
export const workersOf = (place: string, signal?: AbortSignal) => http.get<Actor[]>('/workers', { place }, signal)

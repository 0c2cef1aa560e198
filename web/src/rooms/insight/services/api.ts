import { http } from '@/api/client'
import type { PlaceRef, Query } from '@/api/types'

/** The two figures apart: acts (人次) and people (人数), with the minutes of service. */
export interface Figure {
  acts: number
  people: number
  minutes: number
}

export type KindFigure = Figure & { code: string }

export interface ServiceFigures {
  place: PlaceRef
  span: string
  from: string
  to: string
  total: Figure
  services: KindFigure[]
  fields: KindFigure[]
  modes: KindFigure[]
  months: (Figure & { month: string })[]
  places: (Figure & { place: PlaceRef })[]
}

export const serviceFigures = (query: Query, signal?: AbortSignal) => http.get<ServiceFigures>('/service-figures', query, signal)

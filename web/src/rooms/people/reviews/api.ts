import { http, seg } from '@/api/client'
import type { Actor, Page } from '@/api/types'
import type { Visit } from '../visits/api'

export type Verdict = 'ok' | 'ask'

export interface Review {
  id: string
  visit_id: string
  worker: Actor
  reviewer: Actor
  verdict: Verdict
  reasons: string[]
  comment: string
  answer: string | null
  answered_at: string | null
  created_at: string
  can_answer: boolean
  rev: number
}

export interface Sample {
  seed: number
  window_days: number
  items: Visit[]
}

export const sample = (place: string, n: number, signal?: AbortSignal) => http.get<Sample>('/visit-reviews/sample', { place, n }, signal)
export const review = (body: { id: string; visit_id: string; verdict: Verdict; reasons?: string[]; comment?: string }) => http.post<Review>('/visit-reviews', body)
export const reviewsOf = (visit: string, signal?: AbortSignal) => http.get<Page<Review>>('/visit-reviews', { visit }, signal)
export const answerReview = (id: string, body: { id: string; rev: number; text: string }) => http.post<Review>(`/visit-reviews/${seg(id)}/answer`, body)

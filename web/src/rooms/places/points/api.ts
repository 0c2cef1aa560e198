import { http, seg } from '@/api/client'
import type { Page, Query } from '@/api/types'
import type { Point } from '../stations/api'

export type { Point }

export const loadPoints = (query: Query, signal?: AbortSignal) => http.get<Page<Point>>('/points', query, signal)
export const loadPoint = (id: string, signal?: AbortSignal) => http.get<Point>(`/points/${seg(id)}`, {}, signal)
export const createPoint = (body: object) => http.post<Point>('/points', body)
export const changePoint = (id: string, body: object) => http.patch<Point>(`/points/${seg(id)}`, body)

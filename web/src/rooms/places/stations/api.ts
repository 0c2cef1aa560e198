import { http, seg } from '@/api/client'
import type { Page, PlaceRef, Query } from '@/api/types'

/** Why a station or point does not count as covering its place. */
export type WhyNot = 'no_plaque' | 'not_operating' | 'no_assignment' | 'suspended_too_long'

/** A township-level social-work station (社工站). */
export interface Station {
  id: string
  name: string
  place: PlaceRef | null
  county: PlaceRef | null
  status: string
  operating_mode: string
  operator_org_name: string | null
  host_org_name: string | null
  address: string | null
  phone: string | null
  lat: number | null
  lng: number | null
  crs: string | null
  floor_area_m2: number | null
  opened_on: string | null
  plaque_on: string | null
  closed_on: string | null
  open_hours: string | null
  facilities: string[]
  note: string | null
  workers: number
  points: number
  villages: number
  clients: number
  /** What `clients` are counted by; `none` when several stations share the township and this one has no villages. */
  clients_by: 'township' | 'areas' | 'points' | 'none'
  counted: boolean
  not_counted_why: WhyNot[]
  rev: number
}

/** Some villages of a station looked after together (片区). */
export interface Area {
  id: string
  name: string
  villages: PlaceRef[]
  from: string
  to: string | null
  rev: number
}

/** A worker on a post (任职), with the share of full time. */
export interface Assignment {
  id: string
  worker_name: string
  account_id: string | null
  employment_mode: string
  share: number
  from: string
  to: string | null
  rev: number
}

/** A planned post (岗位); `filled` is in full-time equivalents. */
export interface Post {
  id: string
  kind: string
  headcount: number
  point_id: string | null
  funded_by: string | null
  from: string
  to: string | null
  filled: number
  assignments: Assignment[]
  rev: number
}

export interface Plaque {
  id: string
  kind: string
  on: string
  document_no: string | null
}

export interface StatusChange {
  status: string
  on: string
  reason: string
  at: string
}

/** Somebody at work at a station; without an account (`id` null) nobody is in their care. */
export interface Worker {
  id: string | null
  name: string
}

export interface Workload {
  worker: Worker
  clients: number
  due: number
  overdue: number
  visits_30d: number
}

/** A point in a village (社工点). */
export interface Point {
  id: string
  name: string
  station_id: string
  station_name: string
  seat: PlaceRef | null
  covered: PlaceRef[]
  area_id: string | null
  status: string
  plaque_on: string | null
  days_open_per_week: number | null
  premises: string | null
  counted: boolean
  not_counted_why: WhyNot[]
  rev: number
}

/** A station with everything its page shows; here `points` are the points themselves, in rows their number. */
/** A figure beyond a line that a parameter draws. */
export interface Hint {
  code: 'few_workers' | 'many_clients'
  value: number
  limit: number
  source: string
  verified: boolean
}

export interface StationRecord extends Omit<Station, 'points'> {
  hints: Hint[]
  areas: Area[]
  points: Point[]
  posts: Post[]
  plaques: Plaque[]
  statuses: StatusChange[]
  workload: { worker: Worker; share: number }[]
}

/** What has a status and a plaque: a station or a point. */
export type OwnerKind = 'stations' | 'points'

export const loadStations = (query: Query, signal?: AbortSignal) => http.get<Page<Station>>('/stations', query, signal)
export const loadStation = (id: string, signal?: AbortSignal) => http.get<StationRecord>(`/stations/${seg(id)}`, {}, signal)
/** What each worker of a station carries; readable only inside the places of the account. */
export const loadWorkload = (id: string, signal?: AbortSignal) => http.get<Page<Workload>>(`/stations/${seg(id)}/workload`, {}, signal)
export const createStation = (body: object) => http.post<Station>('/stations', body)
export const changeStation = (id: string, body: object) => http.patch<Station>(`/stations/${seg(id)}`, body)

export const changeStatus = (owner: OwnerKind, id: string, body: { id: string; rev: number; status: string; on: string; reason: string }) => http.post(`/${owner}/${seg(id)}/status`, body)
export const addPlaque = (owner: OwnerKind, id: string, body: { id: string; kind: string; on: string; document_no?: string }) => http.post(`/${owner}/${seg(id)}/plaques`, body)

export const addArea = (station: string, body: object) => http.post(`/stations/${seg(station)}/areas`, body)
export const changeArea = (id: string, body: object) => http.patch(`/areas/${seg(id)}`, body)
export const addPost = (station: string, body: object) => http.post(`/stations/${seg(station)}/posts`, body)
export const changePost = (id: string, body: object) => http.patch(`/posts/${seg(id)}`, body)
/** Accounts that may be put on a post of the station. */
export const listCandidates = (station: string, signal?: AbortSignal) =>
  http.get<{ items: { id: string; display_name: string }[] }>(`/stations/${seg(station)}/candidates`, undefined, signal)
export const addAssignment = (post: string, body: object) => http.post(`/posts/${seg(post)}/assignments`, body)
export const changeAssignment = (id: string, body: object) => http.patch(`/assignments/${seg(id)}`, body)

import type { PlaceRef } from '@/api/types'
import { parsePlaceCode } from '@/kit/placeCode'
import type { Area, Assignment, Post, StatusChange, Workload } from './api'

/** The way of a station or point from plan to work (domain reference: status machine); the same list as `data/codes/station_status.toml`. */
const NEXT: Record<string, readonly string[]> = {
  planned: ['preparing', 'closed'],
  preparing: ['staffed', 'closed'],
  staffed: ['plaque_hung', 'closed'],
  plaque_hung: ['operating', 'closed'],
  operating: ['suspended', 'closed'],
  suspended: ['operating', 'closed'],
  closed: [],
}

/** The steps in front of the work, in order. */
export const STEPS = ['planned', 'preparing', 'staffed', 'plaque_hung', 'operating'] as const

/** Statuses that may follow; none for a closed one or one not known here. */
export const nextStatuses = (status: string): readonly string[] => NEXT[status] ?? []

export interface Step {
  status: string
  /** Day it was reached; null when passed over or still ahead. */
  on: string | null
  state: 'done' | 'now' | 'ahead'
}

/** The way to work as a row of steps; a suspended or closed station has left the row, so it stands behind as a step of its own. */
export function stepsOf(status: string, history: StatusChange[]): Step[] {
  const dayOf = (code: string) => history.filter((h) => h.status === code).map((h) => h.on).sort().at(-1) ?? null
  const at = STEPS.indexOf(status as (typeof STEPS)[number])
  const reached = at >= 0 ? at : Math.max(-1, ...history.map((h) => STEPS.indexOf(h.status as (typeof STEPS)[number])))
  const steps: Step[] = STEPS.map((code, i) => ({ status: code, on: i <= reached ? dayOf(code) : null, state: i === at ? 'now' : i <= reached ? 'done' : 'ahead' }))
  return at >= 0 ? steps : [...steps, { status, on: dayOf(status), state: 'now' }]
}

/** Whether something with a from and a to is in force on a day. */
export const inForce = (span: { from: string; to: string | null }, day: string): boolean => span.from <= day && (span.to === null || span.to >= day)

/** Something is over when its last day has passed. */
export const isOver = (span: { to: string | null }, day: string): boolean => span.to !== null && span.to < day

/** Filled full-time equivalents and planned heads of the posts in force. */
export function staffing(posts: Post[], day: string): { filled: number; planned: number } {
  const open = posts.filter((p) => inForce(p, day))
  const sum = open.reduce((all, p) => ({ filled: all.filled + p.filled, planned: all.planned + p.headcount }), { filled: 0, planned: 0 })
  return { ...sum, filled: Math.round(sum.filled * 100) / 100 }
}

/** A share of full time as whole percent: 0.5 is 50. */
export const sharePercent = (assignment: Pick<Assignment, 'share'>): number => Math.round(assignment.share * 100)

/** The area in force that a village belongs to; a village has at most one. */
export function areaOfVillage(areas: Area[], day: string): Map<string, Area> {
  return new Map(areas.filter((a) => !isOver(a, day)).flatMap((a) => a.villages.map((v) => [v.code, a] as const)))
}

export const MEASURES = ['clients', 'due', 'overdue', 'visits_30d'] as const

/** Workers by name, never by figures: the picture is for sharing out work, not for comparing people. */
export function workloadByName(rows: Workload[], language: string): Workload[] {
  const collator = new Intl.Collator(language === 'en' ? 'en' : 'zh-CN')
  return [...rows].sort((a, b) => collator.compare(a.worker.name, b.worker.name) || (a.worker.id ?? '').localeCompare(b.worker.id ?? ''))
}

/** The largest figure of all, as the common scale of the bars; at least 1. */
export const workloadScale = (rows: Workload[]): number => Math.max(1, ...rows.flatMap((row) => MEASURES.map((m) => row[m])))

/** Whether a place lies in one of the branches given: the desk offers an act only there; the server decides. */
export function inBranches(branches: Pick<PlaceRef, 'code' | 'level'>[], place: Pick<PlaceRef, 'code'>): boolean {
  const digits = parsePlaceCode(place.code)?.digits ?? ''
  return branches.some((branch) => branch.code === place.code || (branch.level < 5 && digits.startsWith(parsePlaceCode(branch.code)?.digits ?? '?')))
}

/** The fields that differ, for a change request; an emptied field is sent as null. */
export function changedFields<M extends object>(before: M, after: M): Partial<Record<keyof M, unknown>> {
  const keys = (Object.keys(after) as (keyof M)[]).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
  return Object.fromEntries(keys.map((key) => [key, after[key] === '' ? null : after[key]])) as Partial<Record<keyof M, unknown>>
}

/** Leaves empty text, null and empty lists out of what is sent for a new record. */
export function filledOnly(model: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(model).filter(([, value]) => value !== '' && value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0)))
}

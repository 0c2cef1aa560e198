import { parsePlaceCode } from '@/kit/placeCode'
import type { Division, EventKind, NewEvent } from './api'

/** Why the two official lists do not agree about a division. */
export type Difference = 'civilOnly' | 'statOnly' | 'codes' | null

/** Villages stand in the statistical list only; that is no difference but how the lists are made. */
export function differenceOf(d: Pick<Division, 'level' | 'code_civil' | 'code_stat'>): Difference {
  if (d.level === 5) return null
  if (!d.code_stat) return 'civilOnly'
  if (!d.code_civil) return 'statOnly'
  return d.code_civil === d.code_stat ? null : 'codes'
}

export interface EventModel {
  kind: EventKind
  effective_on: string
  approval_no: string
  note: string
  from: string[]
  to: string
  new_name: string
  new_code_civil: string
  new_code_stat: string
}

export interface FieldWord {
  field: string
  word: 'needOne' | 'needTo' | 'toInFrom' | 'needName' | 'needCode' | 'badCode' | 'needDay' | 'needApproval'
}

const isCode = (text: string) => text === '' || (parsePlaceCode(text)?.list === null && /^\d+$/.test(text))

/** What is missing before an event may be previewed; the server checks again. */
export function checkEvent(m: EventModel): FieldWord[] {
  const found: FieldWord[] = []
  if (!m.effective_on) found.push({ field: 'effective_on', word: 'needDay' })
  if (!m.approval_no.trim()) found.push({ field: 'approval_no', word: 'needApproval' })
  if (m.from.length === 0) found.push({ field: 'from', word: 'needOne' })
  if (m.kind === 'rename' && !m.new_name.trim()) found.push({ field: 'new_name', word: 'needName' })
  if (m.kind === 'recode' && !m.new_code_civil && !m.new_code_stat) found.push({ field: 'new_code_civil', word: 'needCode' })
  if (m.kind === 'recode' && !isCode(m.new_code_civil)) found.push({ field: 'new_code_civil', word: 'badCode' })
  if (m.kind === 'recode' && !isCode(m.new_code_stat)) found.push({ field: 'new_code_stat', word: 'badCode' })
  if (m.kind === 'merge') {
    if (!m.to) found.push({ field: 'to', word: 'needTo' })
    else if (m.from.includes(m.to)) found.push({ field: 'to', word: 'toInFrom' })
  }
  return found
}

/** The event as it is sent: only what its kind needs. */
export function toEvent(m: EventModel, id: string): NewEvent {
  const event: NewEvent = { id, kind: m.kind, effective_on: m.effective_on, approval_no: m.approval_no.trim(), from: m.from, to: m.kind === 'merge' ? m.to : (m.from[0] ?? null) }
  if (m.note.trim()) event.note = m.note.trim()
  if (m.kind === 'rename') event.new_name = m.new_name.trim()
  if (m.kind === 'recode' && m.new_code_civil) event.new_code_civil = m.new_code_civil
  if (m.kind === 'recode' && m.new_code_stat) event.new_code_stat = m.new_code_stat
  if (m.kind === 'merge' && m.new_name.trim()) event.new_name = m.new_name.trim()
  return event
}

export const REVIEW_REASONS = ['county_name_similar', 'same_code_other_name', 'moved_county', 'stat_only', 'civil_only']
export const MOVED_KINDS = ['villages', 'divisions', 'persons', 'households', 'stations', 'points', 'areas', 'visits', 'posts', 'assignments', 'grants', 'tasks', 'organisations']

/** Hints of the server on a division and on an event, each with a sentence here. */
export const DIVISION_NOTES = ['fuzzy_name', 'abolished', 'no_civil_townships', 'counted_by_stat']
export const EVENT_NOTES = ['stations_stay', 'grants_widened']

import { levelOfCode, parsePlaceCode } from '@/kit/placeCode'
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

export interface PartModel {
  name: string
  code: string
  villages: string[]
}

/** Where what lies in an abolished division goes: all to one, to several, or anywhere in the county. */
export type Heirs = 'one' | 'several' | 'any'

export interface EventModel {
  kind: EventKind
  effective_on: string
  approval_no: string
  note: string
  from: string[]
  to: string
  new_name: string
  new_kind: string
  new_code_civil: string
  new_code_stat: string
  parts: PartModel[]
  villages: string[]
  successors: string[]
  closes: boolean
  heirs: Heirs
}

export const emptyEvent = (from: string[]): EventModel => ({
  kind: 'rename', effective_on: '', approval_no: '', note: '', from, to: '', new_name: '', new_kind: '', new_code_civil: '', new_code_stat: '',
  parts: [emptyPart()], villages: [], successors: [], closes: false, heirs: 'one',
})
export const emptyPart = (): PartModel => ({ name: '', code: '', villages: [] })

export interface FieldWord {
  field: string
  word: 'needOne' | 'needTo' | 'toInFrom' | 'needName' | 'needKind' | 'needCode' | 'badCode' | 'needPart' | 'needVillages' | 'needDay' | 'needApproval'
}

const isCode = (text: string) => text === '' || (parsePlaceCode(text)?.list === null && /^\d+$/.test(text))
/** Kinds of event that read more than one division in `from`. */
export const takesMany = (kind: EventKind) => kind === 'merge' || kind === 'reparent'
/** Whether the event needs a second division, and which one it is. */
export const needsTo = (m: EventModel) => ['merge', 'reparent', 'boundary', 'create'].includes(m.kind) || (m.kind === 'abolish' && m.heirs === 'one')
/** The level the event is about: that of the first division named. */
export const levelOf = (m: EventModel) => levelOfCode(m.from[0] ?? '')

/** Kinds of division by level, as an event may set them (code list `division_kind`). */
export const KINDS_OF_LEVEL: Record<number, readonly string[]> = {
  3: ['district', 'county', 'county_city', 'autonomous_county', 'banner', 'autonomous_banner', 'forest_district', 'special_district', 'zone'],
  4: ['subdistrict', 'town', 'township', 'ethnic_township', 'sumu', 'ethnic_sumu', 'farm', 'reservoir', 'other_like_township'],
  5: ['residents_committee', 'village_committee', 'like_residents', 'like_village', 'other_village'],
}
export const kindsFor = (m: EventModel): readonly string[] => (m.kind === 'create' ? [...(KINDS_OF_LEVEL[4] ?? []), ...(KINDS_OF_LEVEL[5] ?? [])] : (KINDS_OF_LEVEL[levelOf(m)] ?? []))

/** What is missing before an event may be previewed; the server checks again. */
export function checkEvent(m: EventModel): FieldWord[] {
  const found: FieldWord[] = []
  const add = (field: string, word: FieldWord['word'], when: boolean) => { if (when) found.push({ field, word }) }
  add('effective_on', 'needDay', !m.effective_on)
  add('approval_no', 'needApproval', !m.approval_no.trim())
  add('from', 'needOne', m.kind !== 'create' && m.from.length === 0)
  add('to', 'needTo', needsTo(m) && !m.to)
  add('to', 'toInFrom', m.kind === 'merge' && m.to !== '' && m.from.includes(m.to))
  add('new_name', 'needName', (m.kind === 'rename' || m.kind === 'create') && !m.new_name.trim())
  add('new_kind', 'needKind', (m.kind === 'convert' || m.kind === 'create') && !m.new_kind)
  const codes = ['recode', 'convert', 'create'].includes(m.kind)
  add('new_code_civil', 'needCode', (m.kind === 'recode' || m.kind === 'create') && !m.new_code_civil && !m.new_code_stat)
  add('new_code_civil', 'badCode', codes && !isCode(m.new_code_civil))
  add('new_code_stat', 'badCode', codes && !isCode(m.new_code_stat))
  add('villages', 'needVillages', m.kind === 'boundary' && levelOf(m) === 4 && m.villages.length === 0)
  add('successors', 'needTo', m.kind === 'abolish' && m.heirs === 'several' && m.successors.length === 0)
  if (m.kind === 'split') add('parts', 'needPart', m.parts.length < (m.closes ? 2 : 1) || m.parts.some((p) => !p.name.trim() || !p.code || !isCode(p.code)))
  return found
}

/** The event as it is sent: only what its kind needs. */
export function toEvent(m: EventModel, id: string): NewEvent {
  const same = ['rename', 'recode', 'convert', 'split'].includes(m.kind)
  const event: NewEvent = {
    id, kind: m.kind, effective_on: m.effective_on, approval_no: m.approval_no.trim(),
    from: m.kind === 'create' ? [] : takesMany(m.kind) ? m.from : m.from.slice(0, 1), to: needsTo(m) ? m.to : same ? (m.from[0] ?? null) : null,
  }
  if (m.note.trim()) event.note = m.note.trim()
  if (['rename', 'merge', 'convert', 'create'].includes(m.kind) && m.new_name.trim()) event.new_name = m.new_name.trim()
  if (['convert', 'create'].includes(m.kind)) event.new_kind = m.new_kind
  if (m.kind === 'merge' && m.new_code_stat) event.new_code_stat = m.new_code_stat
  if (['recode', 'convert', 'create'].includes(m.kind)) {
    if (m.new_code_civil) event.new_code_civil = m.new_code_civil
    if (m.new_code_stat) event.new_code_stat = m.new_code_stat
  }
  const township = levelOf(m) === 4
  if (m.kind === 'split') {
    event.closes = m.closes
    event.parts = m.parts.map((p) => ({ name: p.name.trim(), code_stat: p.code, villages: township ? p.villages : [] }))
  }
  if (m.kind === 'boundary' && township) event.villages = m.villages
  if (m.kind === 'abolish' && m.heirs === 'several') event.successors = m.successors
  return event
}

export const REVIEW_REASONS = ['county_name_similar', 'same_code_other_name', 'moved_county', 'stat_only', 'civil_only']
export const MOVED_KINDS = ['pending', 'created', 'villages', 'divisions', 'persons', 'households', 'stations', 'points', 'areas', 'visits', 'posts', 'assignments', 'grants', 'tasks', 'organisations']

/** Hints of the server on a division and on an event, each with a sentence here. */
export const DIVISION_NOTES = ['fuzzy_name', 'abolished', 'no_civil_townships', 'counted_by_stat']
export const EVENT_NOTES = ['pending', 'points_apart', 'stations_stay', 'grants_widened']

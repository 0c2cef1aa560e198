import { instantText } from '@/app/time'
import type { NewVisit, Visit, VisitWords } from './api'

/** The visit form; numbers and days are text while they are typed. */
export interface VisitForm {
  kind: string
  mode: string
  visited_on: string
  minutes: number | null
  contact_result: string
  companions: string
  summary: string
  risk_signs: string[]
  needs: string[]
  services: string[]
  work_field: string
  policies_explained: string
  actions: string
  next_visit_on: string
  place_note: string
  no_signature_reason: string
  /** When it began, `HH:MM` in Beijing; empty when not told. */
  started: string
  /** Others served in the same visit. */
  also: string[]
}

/** Results after which there is something to tell: the person, or family and carers, were met. */
export const MET: readonly string[] = ['met', 'proxy_met']
export const wasMet = (result: string): boolean => MET.includes(result)

/** Which work field a category belongs to; a child counts before an elder, an elder before need of money. */
const FIELDS: [RegExp, string][] = [
  [/CHILD|ORPHAN|DEFACTO|VICTIM_MINOR/, 'left_child'],
  [/ELDER|ALONE|EMPTY|DEMENTIA/, 'elder_care'],
  [/DIBAO|NEAR|RIGID|TEKUN|DIS_|POVERTY|HOMELESS|DISASTER|SUDDEN|UNEMPLOYED|MENTAL/, 'assistance'],
]

export function workFieldOf(categories: readonly string[]): string {
  return FIELDS.find(([pattern]) => categories.some((c) => pattern.test(c)))?.[1] ?? (categories.length ? 'community' : 'assistance')
}

/** The words of a visit that hold for the next one too; what was seen that day does not. */
export const CARRIED = ['mode', 'companions', 'services', 'needs', 'work_field', 'place_note', 'minutes'] as const

/** A new form: what is known is filled in, from the last visit where there is one. */
export function blankVisit(today: string, categories: readonly string[] = [], last: Visit | null = null, kind = ''): VisitForm {
  const blank: VisitForm = {
    kind: kind || (last ? 'routine' : 'first'), mode: 'home', visited_on: today, minutes: null, contact_result: '', companions: '', summary: '', risk_signs: [], needs: [], services: [],
    work_field: workFieldOf(categories), policies_explained: '', actions: '', next_visit_on: '', place_note: '', no_signature_reason: '', started: '', also: [],
  }
  if (!last || !wasMet(last.contact_result)) return blank
  return {
    ...blank, mode: last.mode, companions: last.companions ?? '', services: [...last.services], needs: [...last.needs], work_field: last.work_field || blank.work_field,
    place_note: last.place_note ?? '', minutes: last.minutes,
  }
}

/** A recorded visit as the form shows it. */
export function formOf(visit: Visit): VisitForm {
  return {
    kind: visit.kind, mode: visit.mode, visited_on: visit.visited_on, minutes: visit.minutes, contact_result: visit.contact_result, companions: visit.companions ?? '', summary: visit.summary,
    risk_signs: [...visit.risk_signs], needs: [...visit.needs], services: [...visit.services], work_field: visit.work_field, policies_explained: visit.policies_explained ?? '', actions: visit.actions ?? '',
    next_visit_on: visit.next_visit_on ?? '', place_note: visit.place_note ?? '', no_signature_reason: visit.no_signature_reason ?? '',
    started: instantText(visit.started_at).slice(11), also: [],
  }
}

export type VisitMissing = 'contact_result' | 'summary' | 'kind' | 'mode' | 'visited_on' | 'companions' | 'next_visit_on'

/** What is still missing; `people` is the least number who must go for this kind. */
export function missingIn(form: VisitForm, people = 1): VisitMissing[] {
  const open: VisitMissing[] = []
  if (!form.contact_result) open.push('contact_result')
  if (!form.kind) open.push('kind')
  if (!form.mode) open.push('mode')
  if (!form.visited_on) open.push('visited_on')
  if (wasMet(form.contact_result) && !form.summary.trim()) open.push('summary')
  if (wasMet(form.contact_result) && people > 1 && !form.companions.trim()) open.push('companions')
  if (form.next_visit_on && form.next_visit_on < form.visited_on) open.push('next_visit_on')
  return open
}

const TEXTS = ['companions', 'policies_explained', 'actions', 'next_visit_on', 'place_note', 'no_signature_reason'] as const

/** Kinds that name their own way of visiting. */
const OWN_MODE: readonly string[] = ['phone', 'video', 'neighbour', 'institution']
export const modeOfKind = (kind: string, mode: string): string => (OWN_MODE.includes(kind) ? kind : mode)

/** The words as the server takes them: when nobody was met, only that is said (`notMet`, unless the worker wrote more). */
function wordsOf(form: VisitForm, notMet: string): VisitWords {
  const met = wasMet(form.contact_result)
  const words: VisitWords = {
    kind: form.kind, mode: form.mode, visited_on: form.visited_on, contact_result: form.contact_result, summary: form.summary.trim() || (met ? '' : notMet),
    risk_signs: [...form.risk_signs], needs: met ? [...form.needs] : [], services: met ? [...form.services] : [], work_field: form.work_field,
  }
  for (const key of TEXTS) {
    const text = form[key].trim()
    if (text && (met || key === 'next_visit_on' || key === 'place_note')) words[key] = text
  }
  if (met && form.minutes) words.minutes = form.minutes
  if (met && form.started) {
    const start = new Date(`${form.visited_on}T${form.started}:00+08:00`)
    words.started_at = start.toISOString()
    if (form.minutes) words.ended_at = new Date(start.getTime() + form.minutes * 60_000).toISOString()
  }
  return words
}

export const toNewVisit = (form: VisitForm, id: string, person: string, notMet = ''): NewVisit => ({
  id, person_id: person, ...wordsOf(form, notMet), ...(form.also.length && wasMet(form.contact_result) ? { also: [...form.also] } : {}),
})

const PLAIN_TEXTS: readonly string[] = ['companions', 'policies_explained', 'actions']

/** Only what was changed; what was taken away is emptied. */
export function revisionOf(before: VisitForm, after: VisitForm, notMet = ''): Partial<Record<keyof VisitWords, unknown>> {
  const was: Partial<Record<keyof VisitWords, unknown>> = wordsOf(before, notMet)
  const is: Partial<Record<keyof VisitWords, unknown>> = wordsOf(after, notMet)
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])] as (keyof VisitWords)[]
  return Object.fromEntries(keys.filter((key) => JSON.stringify(was[key]) !== JSON.stringify(is[key])).map((key) => [key, is[key] ?? (PLAIN_TEXTS.includes(key) ? '' : null)]))
}

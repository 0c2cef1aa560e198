import type { TimelineItem } from '@/kit/Timeline.vue'
import type { Act, NewAct, State, Step } from './api'

export const STATES: State[] = ['draft', 'accepted', 'surveyed', 'opinion', 'publicity', 'submitted', 'confirmed', 'refused', 'withdrawn']
export const CONSENT_WAYS = ['signed', 'fingerprint', 'online', 'guardian'] as const

/** How pressing a last day is: none without one, late when it has passed, soon within two days. */
export function pressing(daysLeft: number | null): 'none' | 'late' | 'soon' | 'time' {
  if (daysLeft === null) return 'none'
  if (daysLeft < 0) return 'late'
  return daysLeft <= 2 ? 'soon' : 'time'
}

/** Colour of an act on the line of time. */
export function toneOf(step: Step): TimelineItem['tone'] {
  if (step.act === 'confirm') return 'success'
  if (step.act === 'refuse' || step.detail.objection || step.detail.agree === false) return 'danger'
  if (step.act === 'withdraw') return 'warning'
  return step.act === 'open' || step.act === 'tell' ? 'info' : 'primary'
}

/** What somebody fills in for an act. */
export interface ActForm {
  on: string
  text: string
  surveyors: string
  agree: string
  until: string
  objection: string
  upstream_no: string
  document: string
  amount: number | undefined
  category: string
}

/** Names parted by any comma, blank or line. */
export const namesOf = (text: string): string[] => [...new Set(text.split(/[,\s\u3001\uFF0C]+/u).filter(Boolean))]

/** Acts that need a reason in words. */
export const needsText = (act: Act, form: ActForm): boolean =>
  act === 'refuse' || act === 'withdraw' || (act === 'opinion' && form.agree === 'no') || (act === 'publicity_end' && form.objection === 'yes')

/** The fields that still lack something. */
export function lacking(act: Act, form: ActForm, about: { until: boolean, category: boolean }): string[] {
  const all: [string, boolean][] = [
    ['on', !form.on],
    ['surveyors', act === 'survey' && namesOf(form.surveyors).length < 2],
    ['agree', act === 'opinion' && !form.agree],
    ['until', act === 'publicity_start' && about.until && !form.until],
    ['objection', act === 'publicity_end' && !form.objection],
    ['upstream_no', act === 'submit' && !form.upstream_no.trim()],
    ['document', act === 'confirm' && !form.document.trim()],
    ['category', act === 'confirm' && about.category && !form.category],
    ['text', needsText(act, form) && !form.text.trim()],
  ]
  return all.filter(([, missing]) => missing).map(([field]) => field)
}

/** What is sent: only what belongs to the act. */
export function toSend(act: Act, form: ActForm, id: string, rev: number): NewAct {
  const body: NewAct = { id, rev, act, on: form.on }
  if (form.text.trim()) body.text = form.text.trim()
  if (act === 'survey') body.surveyors = namesOf(form.surveyors)
  if (act === 'opinion') body.agree = form.agree === 'yes'
  if (act === 'publicity_start' && form.until) body.until = form.until
  if (act === 'publicity_end') body.objection = form.objection === 'yes'
  if (act === 'submit') body.upstream_no = form.upstream_no.trim()
  if ((act === 'confirm' || act === 'refuse') && form.document.trim()) body.document = form.document.trim()
  if (act === 'confirm' && form.amount !== undefined) body.amount = Math.round(form.amount * 100)
  if (act === 'confirm' && form.category) body.category = form.category
  return body
}

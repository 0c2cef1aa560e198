import { language, say } from '@/app/i18n'
import { useCodes } from '@/kit/codes'

/** What a sentence about a task needs to know. */
export interface TaskFacts {
  kind: string
  /** Ready-made sentence, where the server has one. */
  title?: string
  detail?: Record<string, unknown> | null
}

/** Kinds of tasks with a sentence of their own. */
export const KINDS = [
  'clearance_waiting', 'minor_standing', 'break_glass', 'break_glass_review', 'break_glass_audit',
  'ledger_approve', 'risk_red', 'risk_close', 'not_reached', 'duplicate_person', 'document_missing', 'death_reported', 'person_died', 'grant_approve', 'review_ask',
  'visit_overdue', 'lead_contact', 'lead_verify', 'grade_due', 'recheck_suspended', 'archive_due', 'entry_review', 'category_review', 'age_band', 'export_approve', 'merge_confirm', 'removal_approve',
  'handover_incoming', 'handover_declined', 'household_head_needed', 'caseload_left', 'application_step', 'application_tell',
  'policy_revision', 'screening_new', 'screening_lost', 'screening_outgrown', 'screening_unknown',
] as const

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : typeof value === 'string' ? [value] : [])

/** The kind of a sentence: a birthday that begins a category and one that ends it are told apart. */
function sentenceOf(task: TaskFacts): string {
  if (task.kind !== 'age_band') return task.kind
  return task.detail?.about === 'begin' ? 'age_begin' : task.detail?.exit === true ? 'age_exit' : 'age_end'
}

/** The sentence of a task in the language of the desk. */
export function taskSentence(task: TaskFacts): string {
  if (task.title) return task.title
  if (!(KINDS as readonly string[]).includes(task.kind)) return say('tasks.kind.other')
  const codes = useCodes()
  void codes.need()
  const detail = task.detail ?? {}
  const to = [...texts(detail.to).map((code) => codes.label('ledger_state', code)), ...texts(detail.grade).map((code) => codes.label('grade', code))]
  const signs = texts(detail.signs).map((code) => codes.label('risk_sign', code))
  const reasons = texts(detail.reasons).map((code) => codes.label('review_reason', code))
  const category = texts(detail.category).map((code) => codes.label('category', code)).join('')
  const day = texts(detail.until)[0] ?? ''
  const policy = texts(language() === 'en' ? detail.policy_en : detail.policy).join('')
  const step = task.kind === 'application_step' ? texts(detail.step).map((act) => say(`applications.act.${act}`)).join('') : ''
  return say(`tasks.kind.${sentenceOf(task)}`, { policy, step, reasons: reasons.join(say('kit.place.comma')) || say('tasks.seeComment'), to: to.join(say('kit.place.comma')), signs: signs.join(say('kit.place.comma')), n: Number(detail.failed_in_row ?? detail.n ?? 0), category, day })
}

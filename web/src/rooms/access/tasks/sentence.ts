import { say } from '@/app/i18n'
import { useCodes } from '@/kit/codes'

/** What a sentence about a task needs to know. */
export interface TaskFacts {
  kind: string
  /** Ready-made sentence, where the server has one. */
  title?: string
  detail?: Record<string, unknown> | null
}

/** Kinds of tasks with a sentence of their own. */
const KINDS = ['ledger_approve', 'risk_red', 'not_reached', 'duplicate_person', 'death_reported', 'grant_approve', 'review_ask']

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : typeof value === 'string' ? [value] : [])

/** The sentence of a task in the language of the desk. */
export function taskSentence(task: TaskFacts): string {
  if (task.title) return task.title
  if (!KINDS.includes(task.kind)) return say('tasks.kind.other')
  const codes = useCodes()
  void codes.need()
  const detail = task.detail ?? {}
  const to = [...texts(detail.to).map((code) => codes.label('ledger_state', code)), ...texts(detail.grade).map((code) => codes.label('grade', code))]
  const signs = texts(detail.signs).map((code) => codes.label('risk_sign', code))
  const reasons = texts(detail.reasons).map((code) => codes.label('review_reason', code))
  return say(`tasks.kind.${task.kind}`, { reasons: reasons.join(say('kit.place.comma')) || say('tasks.seeComment'), to: to.join(say('kit.place.comma')), signs: signs.join(say('kit.place.comma')), n: Number(detail.failed_in_row ?? 0) })
}

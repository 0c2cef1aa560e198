import { addDays, daysBetween } from '@/app/time'
import type { DueState, DueWhy, Param } from './api'

const GRADE = 'visit.max_interval_days.'
const CATEGORY = 'visit.category_interval_days.'
const MODES = 'visit.allowed_modes.'
const CATEGORY_MODES = 'visit.allowed_category_modes.'

/** Disabilities count as severe (grades 1 and 2) or other. */
const ruleOf = (category: string): string => (/^DIS_\d_\d$/.test(category) ? (/_[12]$/.test(category) ? 'DIS_SEVERE' : 'DIS_OTHER') : category)

const number = (value: unknown): number => (typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : Number.NaN)

/** What an interval depends on. */
export interface Standing {
  ledger_state: string | null
  grade: string | null
  categories: readonly string[]
  last_visit_on: string | null
}

/** Who is not graded yet stands as general; a lead waits for its first contact, then for its verification. */
const gradeOf = (p: Standing): string => p.grade ?? 'C'
const STATES: Record<string, [string, string]> = { lead: ['lead.contact_days', 'state:lead'], verifying: ['lead.verify_days', 'state:verifying'] }

/**
 * The interval in force for a person: the least of grade and categories, with the parameter it comes from. A stand-in for the
 * answer of the server (`due_why`), which also knows which way of visiting resets which timer; null when nothing is due.
 */
export function intervalOf(params: readonly Param[], person: Standing): DueWhy | null {
  const { ledger_state: state, categories } = person
  if (state !== 'active' && !STATES[state ?? '']) return null
  const [code, from] = (state === 'lead' && person.last_visit_on ? STATES.verifying : STATES[state ?? '']) ?? ['', '']
  const found = params.flatMap((p): DueWhy[] => {
    const days = number(p.value)
    if (!(days > 0)) return []
    const why = (from: string): DueWhy => ({ interval_days: days, from, source: p.source, verified: p.verified })
    if (code) return p.code === code ? [why(from)] : []
    if (p.code === GRADE + gradeOf(person)) return [why(`grade:${gradeOf(person)}`)]
    if (!p.code.startsWith(CATEGORY)) return []
    const hit = categories.find((c) => ruleOf(c) === p.code.slice(CATEGORY.length))
    return hit ? [why(`category:${hit}`)] : []
  })
  return found.reduce<DueWhy | null>((least, one) => (!least || one.interval_days < least.interval_days ? one : least), null)
}

/** The ways of visiting that reset at least one timer of this person; null when no parameter says so. */
export function allowedModes(params: readonly Param[], person: Standing): string[] | null {
  if (person.ledger_state !== 'active') return null
  const codes = [MODES + gradeOf(person), ...person.categories.map((c) => CATEGORY_MODES + ruleOf(c))]
  const lists = params.filter((p) => codes.includes(p.code) && Array.isArray(p.value)).map((p) => p.value as string[])
  if (lists.length === 0) return null
  return [...new Set(lists.flat())]
}

/** What the interval comes from: `grade:A` is list `grade`, code `A`. */
export function reasonOf(from: string): { list: 'grade' | 'category' | 'ledger_state'; code: string } | null {
  const [word, code] = from.split(':')
  const list = word === 'state' ? 'ledger_state' : word
  return (list === 'grade' || list === 'category' || list === 'ledger_state') && code ? { list, code } : null
}

/** How the due day stands to today: key of the sentence and the days in it. */
export function dueText(state: DueState, nextDueOn: string | null, today: string): { key: 'late' | 'now' | 'ahead' | 'none'; n: number } {
  if (state === 'none' || !nextDueOn) return { key: 'none', n: 0 }
  const n = daysBetween(today, nextDueOn)
  if (n === 0) return { key: 'now', n: 0 }
  return n < 0 ? { key: 'late', n: -n } : { key: 'ahead', n }
}

/** Whether the interval starts again after each visit; a first contact and a verification happen once. */
export const recurring = (why: DueWhy): boolean => !why.from.startsWith('state:')

/** The day proposed for the next visit; empty when no interval is known. */
export const proposedNext = (visitedOn: string, why: DueWhy | null): string => (visitedOn && why && recurring(why) ? addDays(visitedOn, why.interval_days) : '')

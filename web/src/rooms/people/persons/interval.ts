import { addDays, daysBetween } from '@/app/time'
import type { DueState, DueWhy, Param } from './api'

const GRADE = 'visit.max_interval_days.'
const CATEGORY = 'visit.category_interval_days.'
const MODES = 'visit.allowed_modes.'
const CATEGORY_MODES = 'visit.allowed_category_modes.'

/** The parameter a code falls under: `DIS_1_2` also takes `DIS`. */
const covers = (key: string, category: string): boolean => key === category || (key === 'DIS' && category.startsWith('DIS_'))

const number = (value: unknown): number => (typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : Number.NaN)

/**
 * The interval in force for a person: the least of grade and categories, with the parameter it comes from. Used where the
 * server has not already said why (`due_why`); null without a grade, because then nobody is due.
 */
export function intervalOf(params: readonly Param[], grade: string | null, categories: readonly string[]): DueWhy | null {
  if (!grade) return null
  const found = params.flatMap((p): DueWhy[] => {
    const days = number(p.value)
    if (!(days > 0)) return []
    const why = (from: string): DueWhy => ({ interval_days: days, from, source: p.source, verified: p.verified })
    if (p.code === GRADE + grade) return [why(`grade:${grade}`)]
    if (!p.code.startsWith(CATEGORY)) return []
    const hit = categories.find((c) => covers(p.code.slice(CATEGORY.length), c))
    return hit ? [why(`category:${hit}`)] : []
  })
  return found.reduce<DueWhy | null>((least, one) => (!least || one.interval_days < least.interval_days ? one : least), null)
}

/** The ways of visiting that reset the timer of this person; null when no parameter says so. */
export function allowedModes(params: readonly Param[], grade: string | null, categories: readonly string[]): string[] | null {
  const codes = [grade ? MODES + grade : '', ...categories.map((c) => CATEGORY_MODES + c)]
  const lists = params.filter((p) => codes.includes(p.code) && Array.isArray(p.value)).map((p) => p.value as string[])
  if (lists.length === 0) return null
  return lists.reduce((kept, list) => kept.filter((mode) => list.includes(mode)))
}

/** What the interval comes from: `grade:A` is list `grade`, code `A`. */
export function reasonOf(from: string): { list: 'grade' | 'category'; code: string } | null {
  const [list, code] = from.split(':')
  return (list === 'grade' || list === 'category') && code ? { list, code } : null
}

/** How the due day stands to today: key of the sentence and the days in it. */
export function dueText(state: DueState, nextDueOn: string | null, today: string): { key: 'late' | 'now' | 'ahead' | 'none'; n: number } {
  if (state === 'none' || !nextDueOn) return { key: 'none', n: 0 }
  const n = daysBetween(today, nextDueOn)
  if (n === 0) return { key: 'now', n: 0 }
  return n < 0 ? { key: 'late', n: -n } : { key: 'ahead', n }
}

/** The day proposed for the next visit; empty when no interval is known. */
export const proposedNext = (visitedOn: string, why: DueWhy | null): string => (visitedOn && why ? addDays(visitedOn, why.interval_days) : '')

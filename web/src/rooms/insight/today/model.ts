import { daysBetween } from '@/app/time'

/** How urgent a due day is, seen from a day: `late` by n days, `now`, or `ahead` by n days. */
export type Urgency = { key: 'late' | 'ahead'; n: number } | { key: 'now'; n: 0 }

export function urgencyOf(dueOn: string, date: string): Urgency {
  const n = daysBetween(date, dueOn)
  if (n === 0) return { key: 'now', n: 0 }
  return n < 0 ? { key: 'late', n: -n } : { key: 'ahead', n }
}

/** Where the server stops counting. */
const MOST = 10_000

/** A count as shown; one that the server stopped says so. */
export const countText = (n: number, capped?: boolean): string => (capped && n >= MOST ? `${MOST}+` : String(n))

/** `11-23` of `2026-11-23`: enough under a chart of one month. */
export const shortDay = (day: string): string => day.slice(5)

/** What the interval of a due item comes from: `grade:A` is list `grade`, code `A`. */
export function reasonOf(from: string): { list: 'grade' | 'category'; code: string } | null {
  const [list, code] = from.split(':')
  return (list === 'grade' || list === 'category') && code ? { list, code } : null
}

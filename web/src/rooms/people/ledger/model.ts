import type { LedgerTimer } from '../persons/api'

const RANK: Record<string, number> = { A: 3, B: 2, C: 1 }

/** Whether a grade lies below the least one suggested. */
export const belowFloor = (grade: string, floor: string | null | undefined): boolean => !!grade && !!floor && (RANK[grade] ?? 0) < (RANK[floor] ?? 0)

/** The timers worth showing first: those whose window has begun, else the next one. */
export function pressing(timers: readonly LedgerTimer[]): LedgerTimer[] {
  const begun = timers.filter((x) => x.state !== 'ok')
  return begun.length ? begun : timers.slice(0, 1)
}

/** Whether a finer code or a cause belongs to a category; `parent` is the category or its beginning. */
export function belongsTo(parent: string | null | undefined, category: string): boolean {
  return !parent || category === parent || category.startsWith(`${parent}_`)
}

import type { FieldPair } from './api'

/** Fields chosen from the absorbed record at first: what the rule proposes. */
export const proposed = (fields: readonly FieldPair[]): string[] => fields.filter((f) => f.take && !f.same).map((f) => f.field)

/** Fields that differ come first, in the order of the contract; those that agree follow. */
export const inOrder = (fields: readonly FieldPair[]): FieldPair[] => [...fields.filter((f) => !f.same), ...fields.filter((f) => f.same)]

/** The two words of a ledger value: state and grade. */
export function ledgerOf(value: string | null): { state: string; grade: string } {
  const [state = '', grade = ''] = (value ?? '').split(' ')
  return { state, grade }
}

/** Counts of a kind of row that are worth a word. */
export const counted = (counts: Record<string, number>): [string, number][] => Object.entries(counts).filter(([, n]) => n > 0)

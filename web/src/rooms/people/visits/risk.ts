import type { CodeEntry } from '@/api/types'

/** A risk sign with its level and what has to be done at once. */
export interface RiskSign extends CodeEntry {
  level?: string
  act?: string
  /** A mandatory report has to be considered. */
  report?: boolean
}

/** The highest level among the signs chosen; empty for none. */
export function highestLevel(signs: readonly RiskSign[], chosen: readonly string[]): '' | 'orange' | 'red' {
  const levels = signs.filter((s) => chosen.includes(s.code)).map((s) => s.level)
  return levels.includes('red') ? 'red' : levels.includes('orange') ? 'orange' : ''
}

/** The chosen signs, red ones first. */
export const chosenSigns = (signs: readonly RiskSign[], chosen: readonly string[]): RiskSign[] =>
  signs.filter((s) => chosen.includes(s.code)).sort((a, b) => Number(b.level === 'red') - Number(a.level === 'red'))

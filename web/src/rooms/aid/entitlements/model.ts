import type { FactKind, Held } from './api'

/** Money is kept in fen and shown in yuan. */
export const isMoney = (unit: string): boolean => unit.startsWith('fen')

/** Digits after the point that people see: two for money, else those of the dictionary. */
export const digits = (unit: string, decimals: number): number => (isMoney(unit) ? 2 : decimals)

/** A value as kept, as people write it. */
export const shown = (value: number, unit: string, decimals: number): number => value / 10 ** digits(unit, decimals)

/** What people write, in steps as kept. */
export const kept = (value: number, unit: string, decimals: number): number => Math.round(value * 10 ** digits(unit, decimals))

/** A number without its unit: `1,200.5`. */
export const numberText = (value: number, unit: string, decimals: number, lang: string): string =>
  shown(value, unit, decimals).toLocaleString(lang === 'en' ? 'en' : 'zh-CN', { maximumFractionDigits: digits(unit, decimals) })

/** What a form of a fact sends: the kind of holding and its value in steps, or null while something is missing. */
export function toSend(kind: FactKind, choice: string, number: number | undefined): { held: Held, value: number | null } | null {
  if (choice === 'none' || choice === 'unknown') return { held: choice, value: null }
  if (kind.kind === 'number') return number === undefined || Number.isNaN(number) ? null : { held: 'value', value: kept(number, kind.unit, kind.decimals) }
  return choice === '' ? null : { held: 'value', value: Number(choice) }
}

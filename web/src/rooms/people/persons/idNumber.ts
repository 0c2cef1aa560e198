/**
 * Identity numbers as they are typed. The server judges; this file only saves typing: it says at once when a digit is wrong
 * and reads birth date and sex from a good number (GB 11643-1999: 6 address, 8 birth, 3 sequence, 1 check).
 */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'
/** Documents that carry the 18 characters of the citizen number. */
export const CITIZEN_LIKE: readonly string[] = ['citizen_id', 'residence_hmt', 'foreign_pr_2023']

export type IdTrouble = 'short' | 'long' | 'shape' | 'birth' | 'check'
export interface ReadNumber {
  /** The 18 characters in the form that is stored. */
  normal: string
  birth: string
  /** GB/T 2261.1: 1 male, 2 female. */
  sex: '1' | '2'
  /** Typed as an old card with 15 digits. */
  upgraded: boolean
}
export type IdReading = { state: 'empty' } | { state: 'trouble'; trouble: IdTrouble; typed: number } | ({ state: 'good' } & ReadNumber)

/** Full-width characters to ASCII, blanks away, `x` to `X`. */
export const folded = (text: string): string => text.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase()

/** The check character of the first 17 digits; empty unless there are 17 digits. */
export function checkDigit(body: string): string {
  if (!/^\d{17}$/.test(body)) return ''
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(body[i]), 0)
  return CHECKS[sum % 11] ?? ''
}

/** 15 digits of an old card to 18: `19` after the address (`18` for the centenarians' sequences 996-999), then the check. */
export function upgraded(fifteen: string): string {
  const century = /99[6-9]$/.test(fifteen) ? '18' : '19'
  const body = fifteen.slice(0, 6) + century + fifteen.slice(6)
  return body + checkDigit(body)
}

function realDay(text: string, today: string): string {
  const day = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === day && day <= today ? day : ''
}

/** Reads what stands in the field so far. `today` bounds the birth date. */
export function readIdNumber(text: string, today: string): IdReading {
  const typed = folded(text)
  const trouble = (kind: IdTrouble): IdReading => ({ state: 'trouble', trouble: kind, typed: typed.length })
  if (!typed) return { state: 'empty' }
  if (!/^\d*X?$/.test(typed) || (typed.endsWith('X') && typed.length !== 18)) return trouble('shape')
  if (typed.length > 18) return trouble('long')
  if (typed.length !== 18 && typed.length !== 15) return trouble('short')
  const old = typed.length === 15
  const normal = old ? upgraded(typed) : typed
  const birth = realDay(normal.slice(6, 14), today)
  if (!birth) return trouble(old ? 'short' : 'birth')
  if (checkDigit(normal.slice(0, 17)) !== normal[17]) return trouble('check')
  return { state: 'good', normal, birth, sex: Number(normal[16]) % 2 === 1 ? '1' : '2', upgraded: old }
}

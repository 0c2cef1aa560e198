/**
 * Place codes as people and systems write them: 2, 4, 6, 9 or 12 digits, perhaps zero-padded to 12,
 * with an optional list in front (`stat:` or `civil:`), because the two official lists disagree in places.
 */
export interface PlaceCode {
  list: 'civil' | 'stat' | null
  /** Digits without padding. */
  digits: string
}

const LENGTHS = [2, 4, 6, 9, 12]
const LEVELS: Record<number, number> = { 2: 1, 4: 2, 6: 3, 9: 4, 12: 5 }

/** Strips the zero padding of a 12-digit code down to its level: `430703000000` is the county `430703`. */
export function trimCode(digits: string): string {
  if (digits.length !== 12) return digits
  for (const length of LENGTHS) if (/^0*$/.test(digits.slice(length))) return digits.slice(0, length)
  return digits
}

/** Reads a place code; null when the text is none. */
export function parsePlaceCode(text: string): PlaceCode | null {
  const hit = /^(?:(civil|stat):)?(\d{2,12})$/.exec(text.trim())
  if (!hit) return null
  const digits = trimCode(hit[2] ?? '')
  if (!LENGTHS.includes(digits.length)) return null
  return { list: (hit[1] as 'civil' | 'stat' | undefined) ?? null, digits }
}

/** Level 1 to 5 (province to village) that a code speaks of; 0 for no code. */
export function levelOfCode(text: string): number {
  const code = parsePlaceCode(text)
  return code ? (LEVELS[code.digits.length] ?? 0) : 0
}

/** A code in groups as it is read aloud: `43 07 03 107 201`. */
export function spacedCode(digits: string): string {
  return [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4, 6), digits.slice(6, 9), digits.slice(9, 12)].filter(Boolean).join(' ')
}

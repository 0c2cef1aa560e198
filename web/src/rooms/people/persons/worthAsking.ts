import { folded } from './idNumber'

/**
 * Whether what has been typed so far can be searched for: the server takes a name, two letters, a whole number or its last four,
 * and refuses the half of a number. While somebody types, nothing is asked in between; the search button always asks.
 */
export function worthAsking(text: string): boolean {
  const typed = folded(text)
  if (/^[A-Z]$/.test(typed)) return false
  return !/^\d+X?$/.test(typed) || [4, 11, 15, 18].includes(typed.length)
}

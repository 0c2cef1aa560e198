/** Milliseconds until an opening ends; null when it has no end, 0 when it is over. */
export function millisLeft(until: string | null, now: number): number | null {
  if (!until) return null
  return Math.max(0, Date.parse(until) - now)
}

/** Whole minutes shown for what is left, never less than one while something is left. */
export const minutesLeft = (millis: number): number => Math.ceil(millis / 60_000)

/** The roles that fit a part on the named list, as the server asks them. */
export const ROLES_OF: Readonly<Record<string, readonly string[]>> = {
  owner: ['SW', 'SH'], head: ['SH'], supervisor: ['SV'], officer: ['CA'], colleague: ['SW'],
}

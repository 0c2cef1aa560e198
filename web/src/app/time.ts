/** Days and instants as the desk shows them: always Beijing time, whatever the machine thinks. */
const ZONE = 'Asia/Shanghai'

const parts = new Intl.DateTimeFormat('en-CA', {
  timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
})

function split(instant: Date): Record<string, string> {
  return Object.fromEntries(parts.formatToParts(instant).map((p) => [p.type, p.value]))
}

/** `2026-11-23 16:05`, or an empty string for nothing. */
export function instantText(instant: string | null | undefined): string {
  if (!instant) return ''
  const date = new Date(instant)
  if (Number.isNaN(date.getTime())) return instant
  const p = split(date)
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}`
}

/** The business day of an instant in Beijing, `2026-11-23`. */
export function dayOf(instant: Date | string): string {
  const p = split(typeof instant === 'string' ? new Date(instant) : instant)
  return `${p.year}-${p.month}-${p.day}`
}

let minute = NaN
let now = ''

/** Today in Beijing; worked out once a minute, since every row of a list asks. */
export function today(): string {
  const at = Math.floor(Date.now() / 60_000)
  if (at !== minute) {
    minute = at
    now = dayOf(new Date(at * 60_000))
  }
  return now
}

const asUtc = (day: string): number => Date.parse(`${day}T00:00:00Z`)
const DAY_MS = 86_400_000

/** The day `n` days after (before, when negative) a day. */
export function addDays(day: string, n: number): string {
  return new Date(asUtc(day) + n * DAY_MS).toISOString().slice(0, 10)
}

/** Whole days from one day to another; negative when `to` is earlier. */
export const daysBetween = (from: string, to: string): number => Math.round((asUtc(to) - asUtc(from)) / DAY_MS)

import { addDays, daysBetween } from '@/app/time'
import type { PlanDay, Stop } from './api'

/** The Monday of the week of a day. */
export function mondayOf(day: string): string {
  // 2024-01-01 was a Monday.
  const since = daysBetween('2024-01-01', day)
  return addDays(day, -(((since % 7) + 7) % 7))
}

/** The Mondays of the weeks that have working days in the plan. */
export const weeksOf = (days: readonly PlanDay[]): string[] => [...new Set(days.map((d) => mondayOf(d.day)))]

/** The days of one week. */
export const daysOfWeek = (days: readonly PlanDay[], monday: string): PlanDay[] => days.filter((d) => mondayOf(d.day) === monday)

/** Stops of a day by village, calls last; the order of the server stays. */
export function byVillage(stops: readonly Stop[]): { key: string; name: string; call: boolean; stops: Stop[] }[] {
  const groups: { key: string; name: string; call: boolean; stops: Stop[] }[] = []
  for (const stop of stops) {
    const call = stop.how === 'call'
    const key = call ? 'call' : (stop.village?.code ?? '')
    const known = groups.find((g) => g.key === key)
    if (known) known.stops.push(stop)
    else groups.push({ key, name: call ? '' : (stop.village?.name ?? ''), call, stops: [stop] })
  }
  return groups
}

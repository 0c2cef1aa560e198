import type { LocationQueryValue } from 'vue-router'
import type { PlaceRef } from '@/api/types'
import type { DueItem } from './api'

export const STATES = ['overdue', 'due', 'soon', 'not_reached'] as const
export type State = (typeof STATES)[number]

/** The states an address asks for, in the order of urgency; nothing known means the overdue ones. */
export function statesOf(query: LocationQueryValue | LocationQueryValue[] | undefined): State[] {
  const wanted = Array.isArray(query) ? query : [query]
  const known = STATES.filter((s) => wanted.includes(s))
  return known.length ? known : ['overdue']
}

/** `57`, or `100+` when there are more than were asked for. */
export const countText = (n: number, more: boolean): string => (more ? `${n}+` : String(n))

export interface VillageGroup {
  village: PlaceRef | null
  township: PlaceRef | null
  key: string
  items: DueItem[]
}

/** The people by village; townships and villages in the order of their codes, people as they came. */
export function byVillage(items: readonly DueItem[]): VillageGroup[] {
  const groups = new Map<string, VillageGroup>()
  for (const item of items) {
    const { village, township } = item.person
    const key = village?.code ?? ''
    const group = groups.get(key) ?? { key, village, township, items: [] }
    group.items.push(item)
    groups.set(key, group)
  }
  return [...groups.values()].sort((a, b) => (a.township?.code ?? '').localeCompare(b.township?.code ?? '') || a.key.localeCompare(b.key))
}

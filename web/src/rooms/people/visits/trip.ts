import type { LocationQuery } from 'vue-router'
import type { VisitForm } from './newVisit'

/** What holds for everybody of one trip to a household; kept in memory only, never in the address. */
type Shared = Pick<VisitForm, 'mode' | 'visited_on' | 'companions' | 'place_note'>
let kept: { household: string; words: Shared } | null = null

const text = (value: LocationQuery[string] | undefined): string => (typeof value === 'string' ? value : '')

/** The household a visit is recorded for, and who comes after it. */
export function tripOf(query: LocationQuery): { household: string; next: string[] } {
  return { household: text(query.household), next: text(query.next).split(',').filter(Boolean) }
}

/** Where to go after a visit: to the next member, back to the household, or to the person. */
export function afterVisit(query: LocationQuery, person: string) {
  const { household, next } = tripOf(query)
  const [first, ...rest] = next
  if (household && first) return { path: '/visits/new', query: { person: first, household, ...(rest.length ? { next: rest.join(',') } : {}) } }
  return household ? { path: `/households/${household}` } : { path: `/persons/${person}` }
}

export function keep(household: string, form: VisitForm): void {
  kept = household ? { household, words: { mode: form.mode, visited_on: form.visited_on, companions: form.companions, place_note: form.place_note } } : null
}

/** What the visit before it on the same trip said. */
export const sharedOf = (household: string): Partial<Shared> => (household && kept?.household === household ? { ...kept.words } : {})

import type { PersonHousehold, PersonRow } from '../persons/api'

/** A member as this rule needs one. */
export interface MemberLike {
  person: Pick<PersonRow, 'id' | 'name' | 'died_on' | 'ledger_state' | 'last_visit_on' | 'next_due_on'> | null
  to: string | null
}

/** States in which somebody is visited. */
const VISITED: readonly string[] = ['lead', 'verifying', 'active', 'suspended']

/** The household that is visited: the people who live together, else the first one. */
export const homeOfVisit = (households: readonly PersonHousehold[]): PersonHousehold | null => households.find((h) => h.kind === 'cohabiting') ?? households[0] ?? null

/** Who of the household is to be seen next: not this person, not seen today, the most urgent first. */
export function nextOf<M extends MemberLike>(members: readonly M[], person: string, today: string): NonNullable<M['person']> | null {
  const waiting = members
    .flatMap((m) => (m.person && !m.to ? [m.person as NonNullable<M['person']>] : []))
    .filter((p) => p.id !== person && !p.died_on && VISITED.includes(p.ledger_state ?? '') && p.last_visit_on !== today)
  return waiting.sort((a, b) => (a.next_due_on ?? '9').localeCompare(b.next_due_on ?? '9'))[0] ?? null
}

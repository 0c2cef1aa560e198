import type { PersonRow } from '../persons/api'
import type { Household, HouseholdSheet, NewHousehold } from './api'

/** Relation to the head (GB/T 4761): 0 is the head. */
export const HEAD = '0'

/** One member in the form of a new household. */
export interface MemberDraft {
  id: string
  person: PersonRow | null
  relation: string
  from: string
}

export interface HouseholdForm {
  kind: string
  village: string
  address: string
  members: MemberDraft[]
}

export type HouseholdMissing = 'village' | 'members' | 'head' | 'relation'

/** What must be put right before a household can be sent: one head, and a relation for each member. */
export function missingIn(form: HouseholdForm): HouseholdMissing[] {
  const open: HouseholdMissing[] = []
  const people = form.members.filter((m) => m.person)
  if (!form.village) open.push('village')
  if (people.length === 0) open.push('members')
  else if (people.filter((m) => m.relation === HEAD).length !== 1) open.push('head')
  if (people.some((m) => !m.relation)) open.push('relation')
  return open
}

export function toNewHousehold(form: HouseholdForm, id: string): NewHousehold {
  return {
    id, kind: form.kind, village: form.village, ...(form.address.trim() ? { address: form.address.trim() } : {}),
    members: form.members.flatMap((m) => (m.person ? [{ id: m.id, person_id: m.person.id, relation: m.relation, from: m.from }] : [])),
  }
}

/** What everybody is to the new head when the head leaves: complete, with one head. */
export const isSuccession = (relations: readonly string[]): boolean => relations.every(Boolean) && relations.filter((r) => r === HEAD).length === 1

/** Members of today first the head, then by relation; those who left come apart. */
export function sortedMembers(household: Household) {
  const order = [...household.members_list].sort((a, b) => Number(b.is_head) - Number(a.is_head) || a.relation.localeCompare(b.relation) || a.from.localeCompare(b.from))
  return { now: order.filter((m) => !m.to), past: order.filter((m) => m.to) }
}

/** Whom a trip is for at first: everybody who is due or soon will be; when nobody is, everybody who can be seen. */
export function dueFirst(items: HouseholdSheet['items']): string[] {
  const seen = items.flatMap((i) => (i.due && !i.due.person.died_on ? [i.due.person] : []))
  const due = seen.filter((p) => ['overdue', 'due', 'soon'].includes(p.due_state))
  return (due.length ? due : seen).map((p) => p.id)
}

/** The address of the visit form for one member after the other. */
export function tripPath(household: string, people: readonly string[]) {
  const [person, ...next] = people
  return { path: '/visits/new', query: { person, household, ...(next.length ? { next: next.join(',') } : {}) } }
}

import type { PersonPage } from '../persons/api'
import type { Caseload, Handover } from './api'

/** Who can take somebody on: those who work there today, the lightest load first (a help to choose, not a ranking). */
export function workersOf(loads: readonly Caseload[], not: string | null = null) {
  return loads.filter((l) => l.in_office && l.worker && l.worker.id !== not).map((l) => ({ id: l.worker!.id, name: l.worker!.name, persons: l.persons })).sort((a, b) => a.persons - b.persons || a.name.localeCompare(b.name))
}

/** Persons nobody answers for, by who left them; nobody at all comes first. */
export const leftBehind = (loads: readonly Caseload[]): Caseload[] => loads.filter((l) => !l.in_office && l.persons > 0)

export type ProposalMissing = 'village' | 'reason' | 'consent' | 'note'

/** What must be filled in before a hand-over can be proposed. */
export function missingIn(form: { village: string; reason: string; consent: string; note: string }): ProposalMissing[] {
  const open: ProposalMissing[] = []
  if (!form.village) open.push('village')
  if (!form.reason) open.push('reason')
  if (!form.consent) open.push('consent')
  if (form.reason === 'other' && !form.note.trim()) open.push('note')
  return open
}

/** What this account can do with a hand-over, from which side it is seen. */
export function actsOf(handover: Handover, side: 'in' | 'out', can: (permit: string) => boolean): ('accept' | 'decline' | 'withdraw')[] {
  if (!handover.open) return []
  if (side === 'in') return can('people.handovers.decide') ? ['accept', 'decline'] : []
  return can('people.handovers.propose') ? ['withdraw'] : []
}

/** Whether a hand-over can be proposed for somebody: alive, writable, none on its way. */
export const canBeHandedOver = (person: PersonPage): boolean => !person.died_on && !person.answers?.read_only && !person.answers?.handover

/** The list to sign, by village and name, so that it can be checked against paper files. */
export const byVillage = (rows: readonly Handover[]): Handover[] =>
  [...rows].sort((a, b) => (a.to?.code ?? '').localeCompare(b.to?.code ?? '') || (a.person?.name ?? '').localeCompare(b.person?.name ?? '', 'zh'))

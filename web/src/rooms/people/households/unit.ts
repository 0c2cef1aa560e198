import type { UnitFacts, UnitMember, UnitProposal, Verdict } from './api'

/** Facts answered with yes, no or not known. */
export const FACTS = ['lives_together', 'dependent', 'student', 'duty', 'religious_away', 'away_by_law'] as const
export type Fact = (typeof FACTS)[number]

/** What to ask about somebody: what the rule misses, and what was said already (so that it can be taken back). */
export const asked = (member: UnitMember, said: UnitFacts | null): Fact[] => FACTS.filter((f) => member.missing.includes(f) || typeof said?.[f] === 'boolean')

/** Members the rule counts. */
export const proposedMembers = (proposal: UnitProposal): string[] => proposal.items.filter((m) => m.belongs === 'yes').map((m) => m.person_id)

/** Whether these members are another unit than the proposed one, or something is not known yet: a reason is asked then. */
export function isOtherUnit(proposal: UnitProposal, members: readonly string[]): boolean {
  const proposed = proposedMembers(proposal)
  return !proposal.complete || proposed.length !== members.length || proposed.some((id) => !members.includes(id))
}

export const toneOf = (belongs: Verdict['belongs']): 'success' | 'info' | 'warning' => (belongs === 'yes' ? 'success' : belongs === 'no' ? 'info' : 'warning')

import { means } from '@/app/initials'
import type { CheckFact, CheckPlan, CheckPolicy, PublicPolicy, Situation } from './api'
import { questions, type Answer } from './engine/answer'
import type { Known } from './engine/types'

/** Digits after the point that people write: money is kept in fen and told in yuan. */
export const digitsOf = (fact: Pick<CheckFact, 'unit' | 'decimals'>): number => (fact.unit.startsWith('fen') ? 2 : fact.decimals)

/** What somebody typed, in steps of a fact; null when it is no such number or out of bounds. No rounding happens. */
export function stepsOf(typed: string, fact: CheckFact): number | null {
  const text = typed.trim().replace(/[,\uFF0C\s]/g, '').replace(/[\uFF10-\uFF19\uFF0E]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xFEE0))
  const parts = /^(\d{1,12})(?:\.(\d*))?$/.exec(text)
  const digits = digitsOf(fact)
  const part = (parts?.[2] ?? '').replace(/0+$/, '')
  if (!parts || part.length > digits) return null
  const steps = Number(`${parts[1] ?? ''}${part.padEnd(digits, '0')}`)
  return Number.isSafeInteger(steps) && steps >= fact.min && steps <= fact.max ? steps : null
}

/** Steps as people write them. */
export function typedOf(steps: number, fact: CheckFact): string {
  const digits = digitsOf(fact)
  const text = String(steps).padStart(digits + 1, '0')
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`.replace(/\.?0+$/, '')
}

/** The key behind the label of a yes-or-no standard, in both languages: 1 yes, 0 no. */
const KEY = /\uFF081.0.\uFF09$| \(1 \w+, 0 \w+\)$/
/** Whether a standard of a place is a yes or no. */
export const isSwitch = (label: string): boolean => KEY.test(label)
export const withoutKey = (label: string): string => label.replace(KEY, '')

/** Policies whose title, plain words or situation hold what was typed, or whose title has these pinyin initials. */
export function searched(typed: string, items: readonly PublicPolicy[], situations: readonly Situation[]): PublicPolicy[] {
  const wanted = typed.trim().toLowerCase()
  if (!wanted) return [...items]
  const near = new Set(situations.filter((s) => means(wanted, s.title) || s.title_en.toLowerCase().includes(wanted)).flatMap((s) => s.policies))
  const titled = (p: PublicPolicy) => means(wanted, p.title) || p.title_en.toLowerCase().includes(wanted)
  const said = (p: PublicPolicy) => [p.what, p.what_en, p.who, p.who_en, p.number].some((text) => text.toLowerCase().includes(wanted))
  return [...items.filter(titled), ...items.filter((p) => !titled(p) && said(p)), ...items.filter((p) => !titled(p) && !said(p) && near.has(p.id))]
}

/** The policies a check asks about: those of the situations chosen, all when none is. */
export function inScope(plan: CheckPlan, situations: readonly Situation[], chosen: readonly string[]): CheckPolicy[] {
  const wanted = new Set(situations.filter((s) => chosen.includes(s.id)).flatMap((s) => s.policies))
  return plan.policies.filter((p) => chosen.length === 0 || wanted.has(p.id))
}

/** Whether asking for a fact makes sense at this age; without an age everything does. */
export const makesSense = (fact: CheckFact | undefined, age: number | undefined): boolean =>
  !fact?.ages || age === undefined || (age >= fact.ages[0] && age <= fact.ages[1])

/** Whether every set that can make it true holds a fact nobody asks for at this age. */
export const isUnlikely = (plan: CheckPlan, answer: Answer, age: number | undefined): boolean =>
  answer.settled === null && answer.yes.length > 0 && answer.yes.every((set) => set.some((fact) => !makesSense(plan.facts[fact], age)))

export const ageOf = (plan: CheckPlan, known: Known): number | undefined => known.get(plan.facts.findIndex((f) => f.code === 'p.age'))

/** The questions still worth asking, the best first; the age before all others, because it tells which of them make sense. */
export function nextQuestions(plan: CheckPlan, answers: readonly Answer[], known: Known, passed: ReadonlySet<number>): number[] {
  const age = ageOf(plan, known)
  const likely = answers.filter((a) => !isUnlikely(plan, a, age))
  const open = questions(likely).map((q) => q.fact).filter((fact) => !passed.has(fact) && makesSense(plan.facts[fact], age))
  const first = open.find((fact) => plan.facts[fact]?.code === 'p.age')
  return first === undefined ? open : [first, ...open.filter((fact) => fact !== first)]
}

/** How a policy stands after a check. */
export type Standing = 'fits' | 'open' | 'receives' | 'unlikely' | 'not'
export const STANDINGS: readonly Standing[] = ['fits', 'open', 'receives', 'unlikely', 'not']

export function standingOf(plan: CheckPlan, policy: CheckPolicy, answer: Answer, known: Known): Standing {
  if (policy.receives !== null && known.get(policy.receives) === 1) return 'receives'
  if (answer.settled !== null) return answer.settled ? 'fits' : 'not'
  return isUnlikely(plan, answer, ageOf(plan, known)) ? 'unlikely' : 'open'
}

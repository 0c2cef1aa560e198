import { Case } from './evaluate'
import { residualOf } from './residual'
import { settling, smallest } from './sets'
import type { Kleene, Known, Policy, Program, Range } from './types'

/** What one policy says of a person: orientation, no decision. */
export interface Answer {
  /** Holds, does not, or is not known. */
  status: Kleene
  /** What every value of the missing facts leads to. */
  settled: Kleene
  /** The amount; only where it holds and all is known. */
  amount: bigint | null
  /** Smallest and largest amount that is possible. */
  range: Range | null
  /** Smallest sets of facts that would settle it. */
  sets: number[][]
  /** Of those the ones that can make it true. */
  yes: number[][]
  /** Facts that stand in a smallest set. */
  asked: number[]
  /** Facts an unknown amount waits for. */
  amountMissing: number[]
}

/** The answer of one policy, as `Case::answer` of `person.rs`. */
export function answerOf(program: Program, policy: Policy, known: Known): Answer {
  const asked = new Case(program, known)
  const status = asked.condition(policy.when)
  const missing = policy.facts.filter((fact) => asked.value(fact) === null)
  const found = status === null ? settling(residualOf(asked, missing, policy.when)) : { yes: [], no: [] }
  const certain = (sets: bigint[]) => sets.length === 1 && sets[0] === 0n
  const settled = status ?? (certain(found.yes) ? true : certain(found.no) ? false : null)
  const named = (set: bigint) => missing.filter((_, bit) => (set >> BigInt(bit)) & 1n)
  const sets = settled === null ? smallest([...found.yes, ...found.no]).map(named) : []
  const amount = asked.amount(policy)
  const range: Range | null = settled === false ? null : amount !== null ? [amount, amount] : policy.amount === null ? null : asked.number(policy.amount, false)
  const waits = settled !== false && amount === null && policy.amount !== null
  return {
    status, settled, amount, range, sets,
    yes: settled === null ? found.yes.map(named) : [],
    asked: missing.filter((fact) => sets.some((set) => set.includes(fact))),
    amountMissing: waits ? policy.amount_facts.filter((fact) => asked.value(fact) === null) : [],
  }
}

/** A question and what it may bring. */
export interface Worth {
  fact: number
  /** Policies its answer alone may settle. */
  settles: number
  /** Policies it is part of an answer for. */
  helps: number
  /** Largest possible amounts of the policies it may settle alone, added up. */
  worth: bigint
}

/** The questions worth asking, the best first, as `questions` of `person.rs`. */
export function questions(answers: readonly Answer[]): Worth[] {
  const all = new Map<number, Worth>()
  const of = (fact: number): Worth => {
    const worth = all.get(fact) ?? { fact, settles: 0, helps: 0, worth: 0n }
    all.set(fact, worth)
    return worth
  }
  for (const answer of answers) {
    const top = answer.range && answer.range[1] > 0n ? answer.range[1] : 0n
    for (const fact of answer.asked) {
      const worth = of(fact)
      worth.helps += 1
      if (answer.sets.some((set) => set.length === 1 && set[0] === fact)) {
        worth.settles += 1
        worth.worth += top
      }
    }
    if (answer.status === true) answer.amountMissing.forEach((fact) => { of(fact).helps += 1 })
  }
  return [...all.values()].sort((a, b) => b.settles - a.settles || Number(b.worth > a.worth) - Number(b.worth < a.worth) || b.helps - a.helps || a.fact - b.fact)
}

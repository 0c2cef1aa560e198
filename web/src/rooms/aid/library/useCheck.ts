import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import type { CheckPlan, CheckPolicy } from './api'
import { answerOf, type Answer } from './engine/answer'
import { nextQuestions, standingOf, type Standing } from './model'

/** One answer: the fact and its value; null for "I do not know". What it says of other facts follows from the plan. */
interface Given { fact: number, value: number | null }

/**
 * A self-check. What somebody answers lives in this closure and nowhere else: it is not stored, stands in no address and goes to no
 * server. It is gone when the page is left, hidden away by the browser or cleared.
 */
export function useCheck() {
  const plan = shallowRef<CheckPlan | null>(null)
  const policies = shallowRef<CheckPolicy[]>([])
  const given = ref<Given[]>([])
  const kept = new Map<string, { key: string, answer: Answer }>()

  const known = computed(() => {
    const all = new Map<number, number>()
    const facts = plan.value?.facts ?? []
    for (const { fact, value } of given.value) {
      if (value === null) continue
      all.set(fact, value)
      for (const also of facts[fact]?.implies ?? []) if (also.answer === value) all.set(facts.findIndex((f) => f.code === also.fact), also.value)
    }
    return all
  })

  /** The answer of one policy; worked out again only when one of its facts has changed. */
  function answered(program: CheckPlan, policy: CheckPolicy): Answer {
    const key = [...policy.facts, ...policy.amount_facts].map((fact) => known.value.get(fact) ?? '').join()
    const before = kept.get(policy.id)
    if (before?.key === key) return before.answer
    const answer = answerOf(program, policy, known.value)
    kept.set(policy.id, { key, answer })
    return answer
  }

  const results = computed(() => {
    const program = plan.value
    return program ? policies.value.map((policy) => {
      const answer = answered(program, policy)
      return { policy, answer, standing: standingOf(program, policy, answer, known.value) }
    }) : []
  })
  const queue = computed(() => (plan.value ? nextQuestions(plan.value, results.value.map((r) => r.answer), known.value, new Set(given.value.map((g) => g.fact))) : []))
  const count = (standing: Standing) => results.value.filter((r) => r.standing === standing).length

  function start(program: CheckPlan, chosen: CheckPolicy[]): void {
    clear()
    plan.value = program
    policies.value = chosen
  }
  const answer = (fact: number, value: number | null): void => { given.value = [...given.value, { fact, value }] }
  /** Takes the last answer back and gives its question. */
  function back(): Given | undefined {
    const last = given.value.at(-1)
    given.value = given.value.slice(0, -1)
    return last
  }
  function clear(): void {
    given.value = []
    kept.clear()
  }

  // A page kept by the browser for its back button would come back with the answers.
  window.addEventListener('pagehide', clear)
  onScopeDispose(() => { window.removeEventListener('pagehide', clear); clear() })

  return { plan, given, known, results, queue, count, start, answer, back, clear }
}
export type Check = ReturnType<typeof useCheck>

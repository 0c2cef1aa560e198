import { describe, expect, test } from 'vitest'
import { effectScope } from 'vue'
import type { CheckFact, CheckPlan, PublicPolicy, Situation } from './api'
import { inScope, isSwitch, nextQuestions, searched, stepsOf, typedOf, withoutKey } from './model'
import { useCheck } from './useCheck'

const fact = (code: string, more: Partial<CheckFact> = {}): CheckFact => ({
  code, label: code, label_en: code, kind: 'flag', of: 'person', unit: 'none', decimals: 0, min: 0, max: 1, sensitive: false, choices: [],
  question: '', question_en: '', help: '', help_en: '', ages: null, status: false, implies: [], ...more,
})
const policy = (id: string, when: number, facts: number[], more: object = {}) => ({ id, when, amount: null, facts, amount_facts: [], receives: null, params_missing: false, example: false, lines: [], ...more })

/** Age from 60 and status; a school stage that is asked below 30 only; a certificate that says something of the grade. */
const plan: CheckPlan = {
  on: '2026-11-25', places: [],
  facts: [fact('p.age', { kind: 'number', max: 130 }), fact('p.dibao'), fact('p.school', { ages: [2, 30] }), fact('p.cert', { implies: [{ answer: 0, fact: 'p.grade', value: 0 }] }), fact('p.grade', { kind: 'code', max: 4 })],
  conditions: [
    { is: 'runs', fact: 0, runs: [[60, 130]] }, { is: 'flag', fact: 1 }, { is: 'all', of: [0, 1] }, { is: 'flag', fact: 2 },
    { is: 'flag', fact: 3 }, { is: 'runs', fact: 4, runs: [[1, 2]] }, { is: 'any', of: [4, 5] },
  ],
  numbers: [],
  policies: [policy('elder', 2, [0, 1]), policy('school', 3, [2]), policy('care', 6, [3, 4]), policy('dibao', 1, [1], { receives: 1 })],
}

function checked<T>(run: (check: ReturnType<typeof useCheck>) => T): T {
  const scope = effectScope()
  const got = scope.run(() => { const check = useCheck(); check.start(plan, plan.policies); return run(check) })
  scope.stop()
  return got as T
}

describe('what somebody typed', () => {
  const money = fact('m', { kind: 'number', unit: 'fen_month', max: 100_000_000 })
  test.each([['1234.56', 123_456], ['0.1', 10], ['1,200', 120_000], ['\uFF11\uFF12', 1_200], ['12.', 1_200], ['0.29', 29], ['1.10', 110]])('%s yuan is %i fen, exactly', (typed, steps) => {
    expect(stepsOf(typed, money)).toBe(steps)
  })
  test.each(['', '-1', '1e3', '1.234', '1000000.01', 'abc', '0x10'])('%s is no amount', (typed) => { expect(stepsOf(typed, money)).toBeNull() })
  test.each([[123_456, '1234.56'], [120_000, '1200'], [10, '0.1'], [0, '0']])('%i fen are shown as %s', (steps, typed) => { expect(typedOf(steps, money)).toBe(typed) })
  test('years have no digits after the point', () => { expect(typedOf(80, fact('a', { kind: 'number', max: 130 }))).toBe('80') })
})

describe('a check', () => {
  test('the age comes first, and then only what makes sense at it', () => {
    checked((check) => {
      expect(check.queue.value[0]).toBe(0)
      check.answer(0, 75)
      expect(check.queue.value).not.toContain(2)
      expect(check.results.value.map((r) => [r.policy.id, r.standing])).toEqual([['elder', 'open'], ['school', 'unlikely'], ['care', 'open'], ['dibao', 'open']])
    })
  })

  test('an answer says of other facts what follows from it, and is taken back with them', () => {
    checked((check) => {
      check.answer(3, 0)
      expect(check.known.value.get(4)).toBe(0)
      expect(check.results.value.find((r) => r.policy.id === 'care')?.standing).toBe('not')
      expect(check.back()).toEqual({ fact: 3, value: 0 })
      expect(check.known.value.size).toBe(0)
    })
  })

  test('what nobody knows stays open and is not asked again; what is received already is told apart', () => {
    checked((check) => {
      check.answer(0, null)
      expect(check.queue.value).not.toContain(0)
      check.answer(1, 1)
      expect(check.results.value.find((r) => r.policy.id === 'dibao')?.standing).toBe('receives')
      expect(check.results.value.find((r) => r.policy.id === 'elder')?.standing).toBe('open')
    })
  })

  test('nothing is left after clearing, leaving, or when the browser puts the page away', () => {
    checked((check) => {
      check.answer(0, 80)
      check.clear()
      expect(check.given.value).toEqual([])
      check.answer(0, 80)
      window.dispatchEvent(new Event('pagehide'))
      expect(check.known.value.size).toBe(0)
    })
    const scope = effectScope()
    const check = scope.run(() => useCheck())
    check?.start(plan, plan.policies)
    check?.answer(0, 80)
    scope.stop()
    expect(check?.given.value).toEqual([])
  })

  test('no answer, no question: everything is settled', () => { expect(nextQuestions(plan, [], new Map(), new Set())).toEqual([]) })
})

test('a check asks about the policies of the situations chosen, about all when none is', () => {
  const situations = [{ id: 's', policies: ['care', 'hidden'] }] as unknown as Situation[]
  expect(inScope(plan, situations, ['s']).map((p) => p.id)).toEqual(['care'])
  expect(inScope(plan, situations, [])).toHaveLength(4)
})

test('titles come before words, words before situations; initials of a title are enough', () => {
  const item = (id: string, title: string, what = '') => ({ id, title, title_en: '', number: '', what, what_en: '', who: '', who_en: '' }) as unknown as PublicPolicy
  const items = [item('a', '\u533B\u7597\u6551\u52A9'), item('b', '\u6559\u80B2\u6551\u52A9', '\u533B\u7597'), item('c', '\u4F4F\u623F')]
  const situations = [{ id: 's', title: '\u533B\u7597\u8D39', title_en: '', policies: ['c'] }] as unknown as Situation[]
  expect(searched('\u533B\u7597', items, situations).map((p) => p.id)).toEqual(['a', 'b', 'c'])
  expect(searched('yljz', items, []).map((p) => p.id)).toEqual(['a'])
  expect(searched(' ', items, [])).toHaveLength(3)
})

test('a yes-or-no standard is told by its label, and shown without the key', () => {
  expect([isSwitch('\u5206\u6863\uFF081\u662F0\u5426\uFF09'), isSwitch('\u6807\u51C6')]).toEqual([true, false])
  expect(withoutKey('Paid in bands (1 yes, 0 no)')).toBe('Paid in bands')
  expect(withoutKey('\u6807\u51C6\uFF08\u4E00\u7EA7\uFF09')).toBe('\u6807\u51C6\uFF08\u4E00\u7EA7\uFF09')
})

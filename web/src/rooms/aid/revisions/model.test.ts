import { describe, expect, it } from 'vitest'
import type { FactKind, Param } from '../entitlements/api'
import { csvOf, emptyClause, forPeople, holdsAt, inText, isOpen, joinOf, parseAtom, pastedValues, printAtom, rejoined } from './model'

const fact = (code: string, kind: FactKind['kind'], unit = 'none', decimals = 0): FactKind => ({
  code, label: code, label_en: code, kind, of: 'person', unit, decimals, min: 0, max: 1_000_000_000, sensitive: false, sources: ['visit'], valid_days: null, ask: '', may_not_apply: false,
  choices: [1, 2, 3, 4].map((n) => ({ code: n, label: `选${n}`, label_en: `c${n}` })),
})
const facts = new Map([fact('p.tekun', 'flag'), fact('p.dis_grade', 'code'), fact('p.age', 'number', 'years'), fact('hh.income_pc', 'number', 'fen_month')].map((f) => [f.code, f]))
const param = (code: string, label: string, unit: string, decimals = 0): Param => ({ code, label, label_en: code, unit, decimals, value: null, place: null, place_name: '', from: null, source: '', example: false, verified: true })

describe('conditions', () => {
  it('are read into the builder and written back as they were', () => {
    for (const text of ['p.tekun', 'not p.tekun', 'p.age >= 60', 'hh.income_pc < @dibao.std', 'hh.income_pc < 1.5 * @dibao.std', 'p.dis_grade in {1, 2}', 'p.dis_grade = 3', '12 * hh.income_pc < @disp_income.last_year']) {
      expect(printAtom(parseAtom(text, facts))).toBe(text)
    }
    expect(parseAtom('p.dis_grade in {1..3}', facts)).toEqual({ kind: 'codes', fact: 'p.dis_grade', codes: [1, 2, 3] })
    expect(parseAtom('12 * hh.income_pc < @x', facts).kind).toBe('text')
    expect(parseAtom('p.nobody', facts).kind).toBe('text')
  })
  it('say when something is still to be chosen', () => {
    expect(isOpen({ kind: 'codes', fact: 'p.dis_grade', codes: [] })).toBe(true)
    expect(isOpen({ kind: 'number', fact: 'p.age', op: '>=', value: Number.NaN })).toBe(true)
    expect(isOpen({ kind: 'flag', fact: 'p.tekun', not: true })).toBe(false)
  })
  it('keep money in fen and show it in yuan', () => {
    const income = facts.get('hh.income_pc')
    if (!income) throw new Error('no fact')
    expect(inText(income, 720.5)).toBe(72050)
    expect(forPeople(income, 72050)).toBe(720.5)
  })
  it('lose nothing under another joint', () => {
    const one = { ...emptyClause(), is: 'p.tekun' }
    const all = rejoined(one, 'all')
    expect(joinOf(all)).toBe('all')
    expect(rejoined(all, 'any').any).toEqual([one])
    const two = { ...all, all: [one, { ...emptyClause(), is: 'p.age >= 60' }] }
    expect(rejoined(two, 'not').not?.all).toHaveLength(2)
  })
})

describe('numbers of a sheet', () => {
  const params = [param('dibao.std', '低保标准', 'fen_month'), param('near.k', '低保边缘收入上浮比例', 'times', 2)]
  it('are found by label or word and kept in steps', () => {
    expect(pastedValues([['标准', '数值'], ['低保标准', '720'], ['near.k', '1.5'], ['没有的标准', '3'], ['低保标准', '待定'], ['', '']], params)).toEqual({
      values: [{ code: 'dibao.std', value: 72000 }, { code: 'near.k', value: 150 }], unknown: ['没有的标准'], wrong: ['低保标准'],
    })
    expect(pastedValues([['低保标准', '元/月', '1,200.5元']], params).values).toEqual([{ code: 'dibao.std', value: 120050 }])
  })
  it('go to a sheet without a cell that could be a formula', () => {
    expect(csvOf(['a', 'b'], [['=1+1', 2], ['x,y', null]])).toBe('\ufeffa,b\r\n\'=1+1,2\r\n"x,y",\r\n')
  })
})

describe('a policy of a place', () => {
  it('is offered there and below it', () => {
    for (const [policy, place] of [['', '430703'], ['', ''], ['430000', '43'], ['430000', '430703'], ['430700', '4307'], ['430703', '430703']] as const) expect(holdsAt(policy, place), `${policy} ${place}`).toBe(true)
    for (const [policy, place] of [['430703', '430702'], ['430703', '4307'], ['430000', '500107'], ['430703', '']] as const) expect(holdsAt(policy, place), `${policy} ${place}`).toBe(false)
  })
})

import { expect, test } from 'vitest'
import type { PersonPage } from '../persons/api'
import type { Caseload, Handover } from './api'
import { actsOf, byVillage, canBeHandedOver, leftBehind, missingIn, workersOf } from './model'

const load = (name: string | null, in_office: boolean, persons: number): Caseload => ({ worker: name ? { id: name, name } : null, in_office, persons })
const loads = [load(null, false, 2), load('a', true, 30), load('b', true, 10), load('c', false, 5), load('d', false, 0)]

test('only who works there today can take somebody on', () => {
  expect(workersOf(loads).map((w) => w.id)).toEqual(['b', 'a'])
  expect(workersOf(loads, 'b').map((w) => w.id)).toEqual(['a'])
})

test('persons without a worker are shown with who left them', () => {
  expect(leftBehind(loads).map((l) => l.worker?.id ?? null)).toEqual([null, 'c'])
})

test('a proposal needs village, reason and notice, and words for another reason', () => {
  expect(missingIn({ village: '', reason: '', consent: '', note: '' })).toEqual(['village', 'reason', 'consent'])
  expect(missingIn({ village: '1', reason: 'other', consent: 'told', note: ' ' })).toEqual(['note'])
  expect(missingIn({ village: '1', reason: 'moved', consent: 'told', note: '' })).toEqual([])
})

test('the receiver answers, the sender may withdraw, and nobody acts on what is settled', () => {
  const open = { open: true } as Handover
  expect(actsOf(open, 'in', () => true)).toEqual(['accept', 'decline'])
  expect(actsOf(open, 'out', () => true)).toEqual(['withdraw'])
  expect(actsOf(open, 'in', () => false)).toEqual([])
  expect(actsOf({ open: false } as Handover, 'in', () => true)).toEqual([])
})

test('the dead, those read only and those on their way are not handed over', () => {
  const person = (more: object) => ({ died_on: null, answers: { read_only: false, handover: null, station: null, benefit_office: null, read_until: null }, ...more }) as unknown as PersonPage
  expect(canBeHandedOver(person({}))).toBe(true)
  expect(canBeHandedOver(person({ died_on: '2026-01-01' }))).toBe(false)
  expect(canBeHandedOver(person({ answers: { read_only: true, handover: null } }))).toBe(false)
  expect(canBeHandedOver(person({ answers: { read_only: false, handover: { id: '1' } } }))).toBe(false)
})

test('the list to sign goes by village, then by name', () => {
  const row = (code: string, name: string) => ({ to: { code }, person: { name } }) as unknown as Handover
  expect(byVillage([row('2', 'a'), row('1', 'b'), row('1', 'a')]).map((h) => `${h.to?.code}${h.person?.name}`)).toEqual(['1a', '1b', '2a'])
})

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Area, Post, Workload } from './api'
import { areaOfVillage, changedFields, filledOnly, inBranches, inForce, nextStatuses, staffing, stepsOf, workloadByName, workloadScale } from './model'

const CODES = join(import.meta.dirname, '../../../../../data/codes/station_status.toml')
const change = (status: string, on: string) => ({ status, on, reason: 'r', at: `${on}T01:00:00.000Z` })

test.each([
  ['planned', ['preparing', 'closed']], ['plaque_hung', ['operating', 'closed']],
  ['operating', ['suspended', 'closed']], ['suspended', ['operating', 'closed']], ['closed', []], ['unheard_of', []],
])('after %s may follow %j', (status, next) => expect(nextStatuses(status)).toEqual(next))

test.skipIf(!existsSync(CODES))('the status machine is the one of the code list', () => {
  const listed = [...readFileSync(CODES, 'utf8').matchAll(/code = "(\w+)".*next = \[([^\]]*)\]/g)].map((m) => [m[1] ?? '', [...(m[2] ?? '').matchAll(/"(\w+)"/g)].map((n) => n[1])])
  expect(listed.length).toBe(7)
  expect(listed.map(([code]) => [code, nextStatuses(code as string)])).toEqual(listed)
})

test('the way to work shows what is done, where it stands and what is ahead', () => {
  const steps = stepsOf('staffed', [change('planned', '2021-01-01'), change('preparing', '2021-03-01'), change('staffed', '2021-05-01')])
  expect(steps.map((s) => s.state)).toEqual(['done', 'done', 'now', 'ahead', 'ahead'])
  expect(steps.map((s) => s.on)).toEqual(['2021-01-01', '2021-03-01', '2021-05-01', null, null])
})

test('a suspended station stands behind the row with the day it stopped', () => {
  const steps = stepsOf('suspended', [change('operating', '2021-11-20'), change('suspended', '2026-02-01')])
  expect(steps.at(-1)).toEqual({ status: 'suspended', on: '2026-02-01', state: 'now' })
  expect(steps.slice(0, 5).every((s) => s.state === 'done')).toBe(true)
})

test('a plan that was dropped has nothing ahead marked as done', () => {
  expect(stepsOf('closed', [change('planned', '2021-01-01'), change('closed', '2021-02-01')]).map((s) => s.state)).toEqual(['done', 'ahead', 'ahead', 'ahead', 'ahead', 'now'])
})

test('a span holds from its first to its last day', () => {
  expect([inForce({ from: '2026-01-01', to: '2026-01-31' }, '2026-01-31'), inForce({ from: '2026-01-01', to: '2026-01-31' }, '2026-02-01'), inForce({ from: '2026-03-01', to: null }, '2026-02-01')]).toEqual([true, false, false])
})

test('staffing counts the posts in force and shares of full time', () => {
  const post = (headcount: number, filled: number, to: string | null = null) => ({ headcount, filled, from: '2021-01-01', to }) as Post
  expect(staffing([post(1, 1), post(2, 0.6), post(3, 3, '2022-12-31')], '2026-11-23')).toEqual({ filled: 1.6, planned: 3 })
  expect(staffing([], '2026-11-23')).toEqual({ filled: 0, planned: 0 })
})

test('a village belongs to the area in force only', () => {
  const area = (name: string, to: string | null) => ({ id: name, name, villages: [{ code: '430703101201', name: 'v', level: 5, kind: 'village_committee' }], from: '2021-01-01', to, rev: 1 }) as Area
  expect(areaOfVillage([area('old', '2023-12-31'), area('new', null)], '2026-11-23').get('430703101201')?.name).toBe('new')
})

test('workers stand by name, whatever their figures', () => {
  const row = (name: string, clients: number): Workload => ({ worker: { id: name, name }, clients, due: 0, overdue: 0, visits_30d: 3 })
  expect(workloadByName([row('Wu', 90), row('An', 1), row('Li', 40)], 'en').map((r) => r.worker.name)).toEqual(['An', 'Li', 'Wu'])
  expect(workloadScale([row('An', 1)])).toBe(3)
  expect(workloadScale([])).toBe(1)
})

test('a place lies in a branch by its code, whichever list it is from', () => {
  const county = { code: '430703', level: 3 }
  expect(inBranches([county], { code: '430703101' })).toBe(true)
  expect(inBranches([county], { code: 'stat:430703500' })).toBe(true)
  expect(inBranches([county], { code: '430702001' })).toBe(false)
  expect(inBranches([{ code: '430703101', level: 4 }], { code: '430703101201' })).toBe(true)
  expect(inBranches([], { code: '430703101' })).toBe(false)
})

test('a change sends only what differs, and null for what was emptied', () => {
  expect(changedFields({ name: 'a', phone: '1', facilities: ['x'] }, { name: 'a', phone: '', facilities: ['x', 'y'] })).toEqual({ phone: null, facilities: ['x', 'y'] })
  expect(filledOnly({ name: 'a', phone: '', area: null, covered: [], n: 0 })).toEqual({ name: 'a', n: 0 })
})

import { expect, test } from 'vitest'
import type { CoverageRow } from './api'
import { barLabel, barLength, byCode, canDrill, fromAddress, isJob, listsDiffer, pathOf, percentText, reachLevel, resultOf, toAddress, toggleKind, toServer, trail, withKind } from './model'

const ref = (code: string, level: number) => ({ code, name: code, level, kind: 'town' })
const row = (code: string, percent: string | null, more: Partial<CoverageRow> = {}): CoverageRow => ({ place: ref(code, 4), code_civil: code, code_stat: code, numerator: 18, denominator: 21, percent, ...more })

test('the address says what is asked; without a place it is the home of the account', () => {
  expect(fromAddress({}, '430703')).toEqual({ kind: 'station', place: '430703', on: '', from: '', mode: 'strict', kinds: [] })
  expect(fromAddress({ kind: 'point', place: '4307', mode: 'area', kinds: ['village_committee', 'like_village'] }, '430703')).toMatchObject({ kind: 'point', place: '4307', mode: 'area', kinds: ['village_committee', 'like_village'] })
  expect(fromAddress({ kind: 'nonsense' }, '')).toMatchObject({ kind: 'station', place: '' })
})

test('a kind carries only what says something for it', () => {
  const q = fromAddress({ kind: 'point', mode: 'area', from: '2026-01-01', kinds: 'like_village' }, '430703')
  expect(toAddress(q)).toEqual({ kind: 'point', place: '430703', mode: 'area', kinds: ['like_village'] })
  expect(toAddress(withKind(q, 'service'))).toEqual({ kind: 'service', place: '430703', from: '2026-01-01' })
  expect(toServer({ ...q, mode: 'strict' })).toEqual({ kind: 'point', place: '430703', mode: 'strict', kinds: ['like_village'], by: 'child' })
})

test('farms are counted by choice, starting from what is counted now', () => {
  expect(toggleKind(['town', 'subdistrict'], 'farm', true)).toEqual(['town', 'subdistrict', 'farm'])
  expect(toggleKind(['town', 'farm'], 'farm', false)).toEqual(['town'])
  expect(toggleKind(['town', 'farm'], 'farm', true)).toEqual(['town', 'farm'])
})

test.each([['station', 3, true], ['station', 4, false], ['staffing', 4, false], ['point', 4, true], ['point', 5, false], ['service', 4, true], ['ledger', 5, false]] as const)('%s at level %d opens further: %s', (kind, level, open) => {
  expect(canDrill(kind, { level })).toBe(open)
})

test('a row leads down, and at the leaf to the records behind it', () => {
  const q = { ...fromAddress({ kind: 'station', on: '2025-12-31' }, '4307') }
  expect(pathOf(q, ref('430703', 3))).toEqual({ path: '/coverage', query: { kind: 'station', place: '430703', on: '2025-12-31' } })
  expect(pathOf(q, ref('430703101', 4))).toEqual({ path: '/stations', query: { place: '430703101' } })
  expect(pathOf({ ...q, kind: 'point' }, ref('430703101201', 5))).toEqual({ path: '/points', query: { place: '430703101201' } })
  expect(pathOf({ ...q, kind: 'service' }, ref('430703101201', 5))).toEqual({ path: '/persons', query: { place: '430703101201' } })
})

test('the way up opens nothing above the place of the account', () => {
  expect(trail([ref('43', 1), ref('4307', 2), ref('430703', 3)], 3).map((c) => c.open)).toEqual([false, false, true])
})

test('the network may be read in the whole county, services only at home', () => {
  expect([reachLevel('station', 4), reachLevel('staffing', 2), reachLevel('service', 4), reachLevel('ledger', 3)]).toEqual([3, 2, 4, 3])
})

test('bars stand by code, whatever their figures', () => {
  const rows = [row('430703104', '10.00'), row('430703101', '100.00'), row('stat:430703103', null, { code_civil: null, code_stat: '430703103' }), row('430703102', '55.00')]
  expect(byCode(rows).map((r) => r.place.code)).toEqual(['430703101', '430703102', 'stat:430703103', '430703104'])
})

test('nothing to divide by is a dash, not a bar of nought', () => {
  expect([barLength(row('1', '85.71')), barLength(row('1', '0.00')), barLength(row('1', null)), barLength(row('1', '104.00'))]).toEqual([85.71, 0, null, 100])
  expect([percentText('85.71'), percentText(null)]).toEqual(['85.71%', '—'])
  expect(barLabel(row('1', '85.71'))).toBe('18/21  85.71%')
})

test('a place the lists write differently is marked', () => {
  expect([listsDiffer(row('430703007', '1')), listsDiffer(row('430703112', '1', { code_stat: '430703007' })), listsDiffer(row('1', '1', { code_civil: null }))]).toEqual([false, true, true])
  expect(listsDiffer(row('430703101201', '1', { place: ref('stat:430703101201', 5), code_civil: null }))).toBe(false)
})

test('a job is told from figures, and figures are taken out of a job', () => {
  expect([isJob({ job: 'j' }), isJob(null)]).toEqual([true, false])
  expect(resultOf({ rows: [], total: {} })).not.toBeNull()
  expect([resultOf(null), resultOf({ ok: true })]).toEqual([null, null])
})

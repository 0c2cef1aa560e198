import { expect, test } from 'vitest'
import type { LedgerTimer } from '../persons/api'
import { belongsTo, belowFloor, pressing } from './model'

const timer = (kind: string, state: LedgerTimer['state']): LedgerTimer => ({ kind, state, category: null, about: '', from: '2026-01-01', until: '2026-02-01', source: '', verified: false, statutory: false })

test('a grade is below the floor only when it is lower', () => {
  expect([belowFloor('C', 'B'), belowFloor('B', 'B'), belowFloor('A', 'B'), belowFloor('C', null), belowFloor('', 'A')]).toEqual([true, false, false, false, false])
})

test('what has begun comes first, else the next limit', () => {
  expect(pressing([timer('visit_overdue', 'ok'), timer('entry_review', 'overdue')]).map((x) => x.kind)).toEqual(['entry_review'])
  expect(pressing([timer('visit_overdue', 'ok'), timer('entry_review', 'ok')]).map((x) => x.kind)).toEqual(['visit_overdue'])
  expect(pressing([])).toEqual([])
})

test('finer codes belong to their category', () => {
  expect([belongsTo('TEKUN', 'TEKUN_H'), belongsTo('DIBAO', 'DIBAO'), belongsTo('DIBAO', 'NEAR'), belongsTo(null, 'NEAR')]).toEqual([true, true, false, true])
})

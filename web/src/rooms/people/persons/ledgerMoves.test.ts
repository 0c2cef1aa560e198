import { expect, test } from 'vitest'
import { moveMissing, toMove } from './ledgerMoves'

const form = { on: '2026-11-23', reason: '', note: '', grade: '' }

test('who enters the ledger gets a proposed grade; who comes back from a pause keeps the old one', () => {
  expect(moveMissing(form, 'verifying', 'active', false)).toEqual(['grade'])
  expect(moveMissing(form, 'suspended', 'active', false)).toEqual([])
  expect(toMove({ ...form, grade: 'A' }, 'id', 3, 'verifying', 'active')).toEqual({ id: 'id', rev: 3, to: 'active', on: '2026-11-23', grade: 'A' })
  expect(toMove({ ...form, grade: 'A' }, 'id', 3, 'suspended', 'active')).not.toHaveProperty('grade')
})

test('leaving takes a reason, and words where the reason asks for them', () => {
  expect(moveMissing(form, 'active', 'exited', false)).toEqual(['reason'])
  expect(moveMissing({ ...form, reason: 'other' }, 'active', 'exited', true)).toEqual(['note'])
  expect(toMove({ ...form, reason: 'moved_out', note: ' to Wuling ' }, 'id', 1, 'active', 'exited')).toEqual({ id: 'id', rev: 1, to: 'exited', on: '2026-11-23', reason: 'moved_out', note: 'to Wuling' })
})

test('accepting a lead needs nothing', () => {
  expect(moveMissing(form, 'lead', 'verifying', false)).toEqual([])
})

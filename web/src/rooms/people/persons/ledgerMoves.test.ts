import { expect, test } from 'vitest'
import { moveMissing, moveWord, toMove } from './ledgerMoves'

const form = { on: '2026-11-23', reason: '', note: '', grade: '', floor_reason: '', evidence_kind: '', evidence_ref: '' }

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

test('a grade below the floor says why', () => {
  expect(moveMissing({ ...form, grade: 'C' }, 'verifying', 'active', false, true)).toEqual(['floor_reason'])
  expect(toMove({ ...form, grade: 'C', floor_reason: ' cared for ' }, 'id', 3, 'verifying', 'active', true)).toMatchObject({ grade: 'C', floor_reason: 'cared for' })
  expect(toMove({ ...form, grade: 'A', floor_reason: 'x' }, 'id', 3, 'verifying', 'active', false)).not.toHaveProperty('floor_reason')
})

test('a refusal needs evidence, and a file leaves the archive with words and without a reason code', () => {
  expect(moveMissing({ ...form, reason: 'declined', note: 'x' }, 'active', 'exited', true)).toEqual(['evidence'])
  expect(toMove({ ...form, reason: 'declined', evidence_kind: 'other', evidence_ref: ' signed ' }, 'id', 1, 'active', 'exited').evidence).toEqual([{ kind: 'other', reference: 'signed' }])
  expect(moveWord('archived', 'exited')).toBe('unarchive')
  expect(moveMissing(form, 'archived', 'exited', false)).toEqual(['note'])
  expect(toMove({ ...form, reason: 'other', note: 'x' }, 'id', 1, 'archived', 'exited')).not.toHaveProperty('reason')
})

test('accepting a lead needs nothing', () => {
  expect(moveMissing(form, 'lead', 'verifying', false)).toEqual([])
})

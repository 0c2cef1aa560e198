import { expect, test } from 'vitest'
import type { Grant } from './api'
import { canEnd, checkGrant, firstPassword, mayApprove, toGrant } from './model'

const grant = (more: Partial<Grant>): Grant => ({ id: 'g', role: 'SW', place: { code: '430703101', name: 'x', level: 4, kind: 'town' }, org: null, from: '2026-01-01', to: null, state: 'proposed', proposed_by: { id: 'maker', name: 'm' }, approved_by: null, rev: 1, ...more })
const model = { id: 'g', role: 'SW', place: '430703101', org_id: '', from: '2026-01-01', to: '' }

test('the maker of a grant is not its checker', () => {
  const checker = { id: 'checker', name: 'c' }
  expect(mayApprove(grant({}), { id: 'maker', name: 'm' })).toBe(false)
  expect(mayApprove(grant({ proposed_by: 'm' }), { id: 'x', name: 'm' })).toBe(false)
  expect(mayApprove(grant({}), checker)).toBe(true)
  expect(mayApprove(grant({ state: 'approved' }), checker)).toBe(false)
})

test('only a grant in force or waiting can be ended', () => {
  expect(['proposed', 'approved', 'ended', 'refused'].map((state) => canEnd(grant({ state: state as Grant['state'] })))).toEqual([true, true, false, false])
})

test('a grant needs a role and days in order', () => {
  expect(checkGrant(model)).toBeNull()
  expect(checkGrant({ ...model, role: '' })).toBe('role')
  expect(checkGrant({ ...model, from: '' })).toBe('from')
  expect(checkGrant({ ...model, to: '2025-12-31' })).toBe('order')
})

test('empty parts of a grant are not sent', () => expect(toGrant(model)).toEqual({ id: 'g', role: 'SW', place: '430703101', from: '2026-01-01' }))

test('a first password can be read out', () => {
  expect(firstPassword()).toMatch(/^[a-hj-km-np-z2-9]{4}(-[a-hj-km-np-z2-9]{4}){3}$/)
  expect(firstPassword()).not.toBe(firstPassword())
})

import { describe, expect, test } from 'vitest'
import type { Visit } from './api'
import { blankVisit, formOf, missingIn, modeOfKind, revisionOf, toNewVisit, workFieldOf } from './newVisit'

const TODAY = '2026-11-23'
const last = { kind: 'first', mode: 'home', visited_on: '2026-10-20', minutes: 30, contact_result: 'met', companions: 'Zhang', summary: 'old words', risk_signs: ['R8'], needs: ['housing'], services: ['file_visit'], work_field: 'elder_care', policies_explained: 'old', actions: 'old', next_visit_on: TODAY, place_note: 'group 3' } as Visit

describe('a second visit', () => {
  test('takes over what holds and asks again for what was seen', () => {
    expect(blankVisit(TODAY, ['ALONE'], last)).toEqual({
      kind: 'routine', mode: 'home', visited_on: TODAY, minutes: 30, contact_result: '', companions: 'Zhang', summary: '', risk_signs: [], needs: ['housing'], services: ['file_visit'],
      work_field: 'elder_care', policies_explained: '', actions: '', next_visit_on: '', place_note: 'group 3', no_signature_reason: '', started: '', also: [],
    })
  })

  test('takes nothing from a visit where nobody was met', () => {
    expect(blankVisit(TODAY, ['DIBAO'], { ...last, contact_result: 'not_home' })).toMatchObject({ kind: 'routine', companions: '', services: [], work_field: 'assistance' })
  })

  test('without a last visit is a first one', () => {
    expect(blankVisit(TODAY).kind).toBe('first')
    expect(blankVisit(TODAY, [], last, 'risk').kind).toBe('risk')
  })
})

test.each([
  [['ALONE', 'DIBAO'], 'elder_care'],
  [['LEFT_CHILD', 'DIBAO'], 'left_child'],
  [['TEKUN_H'], 'assistance'],
  [['DIS_1_2'], 'assistance'],
  [['VETERAN'], 'community'],
  [[], 'assistance'],
])('%s works in the field %s', (categories, field) => {
  expect(workFieldOf(categories)).toBe(field)
})

describe('sending', () => {
  const form = { ...blankVisit(TODAY, ['ALONE'], last), contact_result: 'met', summary: ' fine ' }

  test('a visit with a meeting says everything and nothing empty', () => {
    expect(toNewVisit(form, 'id', 'p')).toEqual({
      id: 'id', person_id: 'p', kind: 'routine', mode: 'home', visited_on: TODAY, contact_result: 'met', summary: 'fine', risk_signs: [], needs: ['housing'], services: ['file_visit'],
      work_field: 'elder_care', companions: 'Zhang', place_note: 'group 3', minutes: 30,
    })
  })

  test('what the worker need not write is said by the result', () => {
    expect(toNewVisit({ ...form, summary: '', contact_result: 'not_home' }, 'id', 'p', 'Nobody home').summary).toBe('Nobody home')
  })

  test('a kind that names its way of visiting brings it along', () => {
    expect(modeOfKind('phone', 'home')).toBe('phone')
    expect(modeOfKind('routine', 'video')).toBe('video')
  })

  test('a visit where nobody was home gives no services', () => {
    const sent = toNewVisit({ ...form, contact_result: 'not_home', next_visit_on: '2026-11-25' }, 'id', 'p')
    expect(sent).toMatchObject({ services: [], needs: [], next_visit_on: '2026-11-25' })
    expect(sent).not.toHaveProperty('companions')
    expect(sent).not.toHaveProperty('minutes')
  })

  test('says what is missing', () => {
    expect(missingIn(form)).toEqual([])
    expect(missingIn(blankVisit(TODAY))).toEqual(['contact_result'])
    expect(missingIn({ ...form, summary: ' ' })).toEqual(['summary'])
    expect(missingIn({ ...form, contact_result: 'not_home', summary: '' })).toEqual([])
    expect(missingIn({ ...form, companions: '' }, 2)).toEqual(['companions'])
    expect(missingIn({ ...form, next_visit_on: '2026-11-01' })).toEqual(['next_visit_on'])
  })
})

test('a revision sends only what was changed', () => {
  const before = formOf(last)
  expect(revisionOf(before, { ...before })).toEqual({})
  expect(revisionOf(before, { ...before, summary: 'new', companions: '', minutes: null, risk_signs: [] })).toEqual({ summary: 'new', companions: '', minutes: null, risk_signs: [] })
})

test('begin and length are sent as instants of the day in Beijing, and others served as well', () => {
  const form = { ...blankVisit(TODAY), contact_result: 'met', summary: 'x', started: '09:30', minutes: 40, also: ['q'] }
  expect(toNewVisit(form, 'id', 'p')).toMatchObject({ started_at: '2026-11-23T01:30:00.000Z', ended_at: '2026-11-23T02:10:00.000Z', minutes: 40, also: ['q'] })
  expect(toNewVisit({ ...form, contact_result: 'not_home' }, 'id', 'p')).not.toHaveProperty('also')
})

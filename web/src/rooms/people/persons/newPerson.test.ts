import { describe, expect, test } from 'vitest'
import { changesOf, emptyFacts, emptyPerson, missingIn, toNewPerson, withCategory, type PersonForm } from './newPerson'

const TODAY = '2026-11-23'
const form = (more: Partial<PersonForm> = {}): PersonForm => ({ ...emptyPerson(TODAY), name: ' Wang ', sex: '2', village: '430703107201', number: '11010519491231002x', birth_date: '1949-12-31', ...more })

describe('the registration form', () => {
  test('sends the number in its normal form and nothing empty', () => {
    expect(toNewPerson(form(), 'id1', TODAY)).toEqual({
      id: 'id1', name: 'Wang', sex: '2', doc_type: 'citizen_id', village: '430703107201', lead_source: 'visit', number: '11010519491231002X',
      birth_date: '1949-12-31', nationality: 'CHN', found_by_visit: true, categories: [],
    })
  })

  test('turns an old number of 15 digits into 18', () => {
    expect(toNewPerson(form({ number: '130503670401001' }), 'x', TODAY).number).toBe('130503196704010016')
  })

  test('leaves a passport number as it is, without blanks', () => {
    expect(toNewPerson(form({ doc_type: 'passport', number: ' e1234 5678 ' }), 'x', TODAY).number).toBe('E12345678')
  })

  test('without a document sends the reason and no number', () => {
    const sent = toNewPerson(form({ doc_type: 'none', number: '123', no_number_reason: 'lost' }), 'x', TODAY)
    expect(sent.number).toBeUndefined()
    expect(sent.no_number_reason).toBe('lost')
  })

  test('says the registered residence only when it is known', () => {
    expect(toNewPerson(form({ hukou_village: 'x' }), 'x', TODAY).hukou_village).toBeUndefined()
    expect(toNewPerson(form({ hukou: 'same' }), 'x', TODAY).hukou_village).toBe('430703107201')
    expect(toNewPerson(form({ hukou: 'other', hukou_village: '430721100201', residence_since: '2020-05-01' }), 'x', TODAY)).toMatchObject({ hukou_village: '430721100201', residence_since: '2020-05-01' })
  })

  test('sends that the person was told only when it is so', () => {
    expect(toNewPerson(form(), 'x', TODAY).told).toBeUndefined()
    expect(toNewPerson(form({ told: true, told_way: 'guardian' }), 'x', TODAY).told).toEqual({ on: TODAY, way: 'guardian' })
  })

  test('found on a visit only when the lead comes from a visit', () => {
    expect(toNewPerson(form({ lead_source: 'phone' }), 'x', TODAY).found_by_visit).toBe(false)
  })

  test('names what is missing or wrong', () => {
    expect(missingIn(form(), TODAY)).toEqual([])
    expect(missingIn(emptyPerson(TODAY), TODAY)).toEqual(['number', 'name', 'sex', 'village'])
    expect(missingIn(form({ number: '110105194912310021' }), TODAY)).toEqual(['number'])
    expect(missingIn(form({ doc_type: 'none' }), TODAY)).toEqual(['no_number_reason'])
    expect(missingIn(form({ categories: [{ id: '1', category: '', from: TODAY, evidence_kind: '', evidence_ref: '', source: '' }] }), TODAY)).toEqual(['category', 'evidence_kind', 'evidence_ref'])
  })
})

test('a category brings its usual evidence and source', () => {
  const draft = { id: '1', category: '', from: TODAY, evidence_kind: '', evidence_ref: '', source: '' }
  expect(withCategory(draft, { code: 'DIBAO', label: '', label_en: '', statutory: true, evidence: 'decision_notice' })).toMatchObject({ category: 'DIBAO', evidence_kind: 'decision_notice', source: 'document' })
  expect(withCategory(draft, { code: 'ALONE', label: '', label_en: '', statutory: false, evidence: 'visit_record' })).toMatchObject({ evidence_kind: 'visit_record', source: 'worker_judgement' })
})

describe('the change form', () => {
  const before = { ...emptyFacts(TODAY), name: 'Wang', village: 'v1', hukou: 'other' as const, hukou_village: 'v2' }

  test('sends only what was changed', () => {
    expect(changesOf(before, { ...before })).toEqual({})
    expect(changesOf(before, { ...before, phone: '13800001201', name: 'Wang ' })).toEqual({ phone: '13800001201' })
  })

  test('moves the registered residence to the place of living when they are the same', () => {
    expect(changesOf(before, { ...before, hukou: 'same' })).toEqual({ hukou_village: 'v1' })
  })

  test('clears what was emptied, and sends former names one by one', () => {
    expect(changesOf({ ...before, note: 'x', usual_name: 'y' }, { ...before, former_names: 'A B\u3001C' })).toEqual({ note: null, usual_name: null, former_names: ['A', 'B', 'C'] })
    expect(changesOf(before, { ...before, name: '' })).toEqual({})
  })

  test('notes that the person was told', () => {
    expect(changesOf(before, { ...before, told: true })).toEqual({ told: { on: TODAY, way: 'oral' } })
  })
})

import { expect, test } from 'vitest'
import { questionOf } from './useDuplicates'

const TODAY = '2026-11-23'
const form = { name: '', birth_date: '', village: '', doc_type: 'citizen_id', number: '' }

test('too little is not asked about', () => {
  expect(questionOf(form, TODAY)).toBeNull()
  expect(questionOf({ ...form, name: 'Wang Guiying' }, TODAY)).toBeNull()
  expect(questionOf({ ...form, name: 'W', village: 'v' }, TODAY)).toBeNull()
  expect(questionOf({ ...form, number: '1101051949' }, TODAY)).toBeNull()
})

test('a name with birth date or village is asked about', () => {
  expect(questionOf({ ...form, name: ' Wang Guiying ', village: 'v' }, TODAY)).toEqual({ name: 'Wang Guiying', village: 'v' })
})

test('a good number is asked about with whatever name', () => {
  expect(questionOf({ ...form, number: '11010519491231002x' }, TODAY)).toBeNull()
  expect(questionOf({ ...form, name: 'W', number: '11010519491231002x' }, TODAY)).toEqual({ name: 'W', doc_type: 'citizen_id', number: '11010519491231002X' })
  expect(questionOf({ ...form, name: 'W', doc_type: 'passport', number: 'E123' }, TODAY)).toEqual({ name: 'W', doc_type: 'passport', number: 'E123' })
})

test('a wrong number is left out of the question', () => {
  expect(questionOf({ ...form, name: 'Wang Guiying', birth_date: '1949-12-31', number: '110105194912310021' }, TODAY)).toEqual({ name: 'Wang Guiying', birth_date: '1949-12-31' })
})

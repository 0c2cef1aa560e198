import { expect, test } from 'vitest'
import { asProblem, parseProblem, Problem } from './problem'

test('a problem keeps the words, fields and reference of the server', () => {
  const problem = parseProblem(422, { code: 'invalid', status: 422, title: 'Look at the fields', fields: [{ field: 'phone', code: 'shape', message: 'Eleven digits' }], request_id: 'r-1' })
  expect(problem).toBeInstanceOf(Problem)
  expect([problem.code, problem.status, problem.title, problem.requestId]).toEqual(['invalid', 422, 'Look at the fields', 'r-1'])
  expect(problem.messageFor('phone')).toBe('Eleven digits')
  expect(problem.messageFor('name')).toBe('')
})

test('a nested field answers to its last word', () => {
  const problem = parseProblem(422, { code: 'invalid', fields: [{ field: 'documents[0].number', code: 'checksum', message: 'wrong digit' }] })
  expect(problem.messageFor('number')).toBe('wrong digit')
  expect(problem.messageFor('documents.0.number')).toBe('wrong digit')
})

test('a stale problem carries the current revision and a refusal its rule', () => {
  expect(parseProblem(409, { code: 'stale', title: 's', rev: 7 }).rev).toBe(7)
  expect(parseProblem(409, { code: 'refused', title: 's', rule: 'visit.locked' }).rule).toBe('visit.locked')
})

test.each([[null], ['<html>'], [[]], [{ title: 'bare' }]])('an answer that is not a problem is malformed: %j', (body) => {
  const problem = parseProblem(502, body, 'r-2')
  expect([problem.code, problem.status, problem.requestId]).toEqual(['malformed', 502, 'r-2'])
})

test('anything thrown becomes a problem', () => {
  const own = new Problem('conflict', 409, 't')
  expect(asProblem(own)).toBe(own)
  expect(asProblem(new TypeError('x')).detail).toBe('x')
  expect(asProblem('text').code).toBe('unexpected')
})

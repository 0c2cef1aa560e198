import { expect, test } from 'vitest'
import { safeBack } from './router'

test.each([
  ['/persons?grade=A', '/persons?grade=A'],
  ['//evil.example', '/today'],
  ['/\\evil.example', '/today'],
  ['javascript:alert(1)', '/today'],
  ['/login?back=/x', '/today'],
  [undefined, '/today'],
])('after sign-in %s leads to %s', (back, to) => expect(safeBack(back)).toBe(to))

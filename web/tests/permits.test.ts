import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sources, withoutComments } from './sources'

const ROLES = join(import.meta.dirname, '../../data/roles.toml')

test.skipIf(!existsSync(ROLES))('every permit asked for is one that a role can hold', () => {
  const held = new Set([...readFileSync(ROLES, 'utf8').matchAll(/^"([\w.]+)"/gm)].map((m) => m[1]))
  const asked = sources.flatMap((s) => [...withoutComments(s.text).matchAll(/(?:permit: |\bcan\()'([\w.]+)'/g)].map((m) => `${s.path}: ${m[1]}`))
  expect(asked.filter((line) => !held.has(line.split(': ')[1] ?? ''))).toEqual([])
})

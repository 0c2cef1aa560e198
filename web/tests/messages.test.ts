import { expect, test } from 'vitest'
import { sources, withoutComments } from './sources'

interface Messages { zh: object; en: object }
const found = import.meta.glob<Messages>(['../src/rooms/*/*/messages.ts', '../src/app/messages.ts', '../src/kit/messages.ts'], { eager: true, import: 'default' })

function flat(tree: object, path: string, into: Map<string, string>): Map<string, string> {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') into.set(`${path}.${key}`, value)
    else flat(value as object, `${path}.${key}`, into)
  }
  return into
}

const zh = new Map<string, string>()
const en = new Map<string, string>()
for (const [path, messages] of Object.entries(found)) {
  const word = path.split('/').at(-2) ?? ''
  flat(messages.zh, word, zh)
  flat(messages.en, word, en)
}

const words = new Set([...zh.keys()].map((key) => key.split('.')[0]))
const code = sources.filter((s) => !s.path.endsWith('messages.ts')).map((s) => ({ ...s, text: withoutComments(s.text) }))
const KEY = /['"`]([a-z][\w]*(?:\.[\w]+)+)['"`]/g
const OPENING = /`([a-z]\w*\.[\w.]*)\$\{/g
const keysIn = (text: string) => [...text.matchAll(KEY)].map((m) => m[1] ?? '').filter((key) => words.has(key.split('.')[0] ?? ''))
const named = (sentence: string | undefined) => [...(sentence ?? '').matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort().join()

test('both languages say the same things', () => {
  expect([...zh.keys()].filter((key) => !en.has(key))).toEqual([])
  expect([...en.keys()].filter((key) => !zh.has(key))).toEqual([])
})

test('both languages fill in the same blanks', () => {
  expect([...zh.keys()].filter((key) => named(zh.get(key)) !== named(en.get(key)))).toEqual([])
})

test('every key asked for exists', () => {
  const permits = new Set(code.flatMap((s) => [...s.text.matchAll(/(?:permit: |can\()['"]([\w.]+)['"]/g)].map((m) => m[1])))
  const asked = code.flatMap((s) => [...s.text.matchAll(/(?:\bt|\bsay)\(\s*['"]([\w.]+)['"]|[kK]ey: ['"]([\w]+\.[\w.]+)['"]/g)].map((m) => `${m[1] ?? m[2]}`))
  expect([...new Set(asked)].filter((key) => !zh.has(key) && !permits.has(key))).toEqual([])
})

test('every dynamic key has at least one sentence', () => {
  const openings = code.flatMap((s) => [...s.text.matchAll(OPENING)].map((m) => m[1] ?? '')).filter((o) => words.has(o.split('.')[0] ?? ''))
  expect([...new Set(openings)].filter((o) => ![...zh.keys()].some((key) => key.startsWith(o)))).toEqual([])
})

test('no sentence stands unused', () => {
  const used = new Set(code.flatMap((s) => keysIn(s.text)))
  const openings = code.flatMap((s) => [...s.text.matchAll(OPENING)].map((m) => m[1] ?? ''))
  expect([...zh.keys()].filter((key) => !used.has(key) && !openings.some((o) => key.startsWith(o)))).toEqual([])
})

test('Chinese stands in messages.ts only', () => {
  const chinese = code.filter((s) => s.path !== 'api/schema.gen.ts').flatMap((s) => s.text.split('\n').filter((line) => /\p{Script=Han}/u.test(line)).map((line) => `${s.path}: ${line.trim()}`))
  expect(chinese).toEqual([])
})

test('English sentences hold no Chinese', () => {
  expect([...en].filter(([key, text]) => key !== 'app.otherLanguage' && /\p{Script=Han}/u.test(text)).map(([key]) => key)).toEqual([])
})

import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test, vi } from 'vitest'
import messages from './messages'
import { KINDS, taskSentence } from './sentence'

beforeEach(() => {
  setActivePinia(createPinia())
  vi.stubGlobal('fetch', vi.fn(async () => new Response(JSON.stringify({ lists: { risk_sign: { items: [{ code: 'FALL', label: 'Fall', label_en: 'Fall' }] } } }))))
})

test('a sentence of the server goes first', () => expect(taskSentence({ kind: 'risk_red', title: 'Look' })).toBe('Look'))

test('a task says its figures', () => expect(taskSentence({ kind: 'not_reached', detail: { failed_in_row: 3 } })).toContain('3'))

test('codes stand in until their labels are here, and odd details do no harm', () => {
  expect(taskSentence({ kind: 'risk_red', detail: { signs: ['FALL', 7] } })).toContain('FALL')
  expect(taskSentence({ kind: 'risk_red', detail: null })).not.toBe('')
})

test('an unknown kind still has a sentence', () => expect(taskSentence({ kind: 'brand_new' })).toBe(taskSentence({ kind: 'other_new' })))

test('every kind has a sentence and a name to filter by, and every sentence is of a kind', () => {
  for (const words of [messages.zh, messages.en]) {
    const bands = ['age_begin', 'age_end', 'age_exit']
    expect(Object.keys(words.kind).filter((k) => k !== 'other' && !bands.includes(k)).sort()).toEqual(KINDS.filter((k) => k !== 'age_band').sort())
    expect(Object.keys(words.kindName).sort()).toEqual([...KINDS].sort())
  }
})

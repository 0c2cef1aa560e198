import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { changeWords, valueWords, type Speech } from './historyWords'
import messages from './messages'

const at = (lang: 'zh' | 'en', key: string): unknown => key.split('.').slice(1).reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], messages[lang])
const speech = (lang: 'zh' | 'en'): Speech => ({
  t: (key, named = {}) => Object.entries(named).reduce((text, [name, value]) => text.replace(`{${name}}`, String(value)), String(at(lang, key))),
  te: (key) => typeof at(lang, key) === 'string',
  label: (list, code) => `${list}:${code}`,
})

describe('the history of a record in words', () => {
  it('names codes, categories and yes and no', () => {
    const zh = speech('zh')
    expect(changeWords('person', { field: 'grade', before: 'B', after: 'A' }, zh)).toBe('分级：grade:B → grade:A')
    expect(valueWords('person', 'categories', 'DIBAO,DIS', zh)).toBe('category:DIBAO、残疾人')
    expect(valueWords('visit', 'needs', '["med","food"]', zh)).toBe('need_domain:med、need_domain:food')
    expect(valueWords('visit', 'kind', 'routine', zh)).toBe('visit_kind:routine')
    expect(valueWords('account', 'must_change', 'true', zh)).toBe('是')
    expect(valueWords('visit', 'needs', '[]', zh)).toBe('空')
    expect(valueWords('person', 'note', '[broken', zh)).toBe('[broken')
  })

  it('shows neither the number of a record nor a secret', () => {
    const en = speech('en')
    expect(valueWords('household', 'head_id', '01a0d648-6b91-7a45-b765-0156458954b4', en)).toBe('another record')
    expect(changeWords('person', { field: 'phone', before: null, after: null }, en)).not.toContain('null')
  })

  it('has a word in both languages for every field a history can show', () => {
    const dump = readFileSync('../crates/schema/dump/sqlite.sql', 'utf8')
    // What the log of changes leaves out: see `differences` and `readable` of the access room.
    const silent = ['id', 'rev', 'audit_no', 'province_id', 'city_id', 'county_id', 'township_id', 'created_at', 'name_pinyin', 'id_hash', 'phone_hash', 'is_target', 'cat_bits']
    for (const table of ['person', 'visit', 'household', 'station', 'point', 'account']) {
      const body = new RegExp(`CREATE TABLE ${table} \\(([\\s\\S]*?)\\n\\)`).exec(dump)?.[1] ?? ''
      const columns = [...body.matchAll(/^ {2}([a-z][a-z0-9_]*) /gm)].map((m) => m[1]!).filter((c) => !silent.includes(c))
      expect(columns.length).toBeGreaterThan(5)
      for (const lang of ['zh', 'en'] as const) expect(columns.filter((c) => !speech(lang).te(`kit.history.field.${c}`)), `${table}, ${lang}`).toEqual([])
    }
  })
})

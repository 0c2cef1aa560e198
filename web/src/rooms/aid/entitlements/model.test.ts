import { expect, test } from 'vitest'
import type { FactKind } from './api'
import { kept, numberText, toSend } from './model'

const kind = (more: Partial<FactKind>): FactKind => ({ code: 'x', label: 'x', label_en: 'x', kind: 'number', of: 'person', unit: 'none', decimals: 0, min: 0, max: 9, sensitive: false, sources: [], valid_days: null, ask: '', may_not_apply: false, choices: [], ...more })

test('money is kept in fen and shown in yuan', () => {
  expect(numberText(120050, 'fen_month', 0, 'zh-CN')).toBe('1,200.5')
  expect(kept(1200.5, 'fen_month', 0)).toBe(120050)
  expect(kept(0.29, 'fen', 0)).toBe(29)
  expect(numberText(6000, 'ratio', 4, 'zh-CN')).toBe('0.6')
})

test('a form sends steps, or nothing while something is missing', () => {
  expect(toSend(kind({ unit: 'fen' }), 'value', 12.34)).toEqual({ held: 'value', value: 1234 })
  expect(toSend(kind({}), 'value', undefined)).toBeNull()
  expect(toSend(kind({ kind: 'flag' }), '0', undefined)).toEqual({ held: 'value', value: 0 })
  expect(toSend(kind({ kind: 'flag' }), '', undefined)).toBeNull()
  expect(toSend(kind({}), 'unknown', 5)).toEqual({ held: 'unknown', value: null })
})

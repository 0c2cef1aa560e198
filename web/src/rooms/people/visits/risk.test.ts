import { expect, test } from 'vitest'
import { chosenSigns, highestLevel } from './risk'

const sign = (code: string, level: string) => ({ code, level, label: code, label_en: code })
const SIGNS = [sign('R7', 'orange'), sign('R1', 'red'), sign('R8', 'orange')]

test('one red sign makes the visit red', () => {
  expect(highestLevel(SIGNS, [])).toBe('')
  expect(highestLevel(SIGNS, ['R7'])).toBe('orange')
  expect(highestLevel(SIGNS, ['R7', 'R1'])).toBe('red')
})

test('red signs come first', () => {
  expect(chosenSigns(SIGNS, ['R7', 'R1']).map((s) => s.code)).toEqual(['R1', 'R7'])
})

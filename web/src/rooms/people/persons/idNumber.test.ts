import { describe, expect, test } from 'vitest'
import { checkDigit, folded, readIdNumber, upgraded } from './idNumber'

const TODAY = '2026-11-23'

describe('the number of an identity card', () => {
  test.each(['11010519491231002X', '440524188001010014', '430703196002290000', '810000199001010000'])('%s is good', (number) => {
    expect(readIdNumber(number, TODAY).state).toBe('good')
  })

  test('gives birth date and sex', () => {
    expect(readIdNumber('11010519491231002X', TODAY)).toEqual({ state: 'good', normal: '11010519491231002X', birth: '1949-12-31', sex: '2', upgraded: false })
    expect(readIdNumber('440524188001010014', TODAY)).toMatchObject({ birth: '1880-01-01', sex: '1' })
  })

  test('may be typed with a small x, blanks and full-width digits', () => {
    expect(folded(' 110105 19491231 ００2ｘ')).toBe('11010519491231002X')
    expect(readIdNumber('１１０１０５ 19491231 002x', TODAY)).toMatchObject({ state: 'good', normal: '11010519491231002X' })
  })

  test('of an old card becomes 18 characters', () => {
    expect(upgraded('130503670401001')).toBe('130503196704010016')
    expect(readIdNumber('130503670401001', TODAY)).toMatchObject({ state: 'good', normal: '130503196704010016', birth: '1967-04-01', upgraded: true })
  })

  test('of a centenarian on an old card begins in the 19th century', () => {
    expect(upgraded('130503990401997').slice(6, 10)).toBe('1899')
  })

  test.each([
    ['', 'empty', undefined],
    ['4307031960', 'trouble', 'short'],
    ['1101051949123100299', 'trouble', 'long'],
    ['11010519491231002A', 'trouble', 'shape'],
    ['1101051949123X0021', 'trouble', 'shape'],
    ['110105194912310X', 'trouble', 'shape'],
    ['110105194912310021', 'trouble', 'check'],
    ['110105194902300021', 'trouble', 'birth'],
    ['110105209912310021', 'trouble', 'birth'],
  ])('%s: %s %s', (typed, state, trouble) => {
    const got = readIdNumber(typed, TODAY)
    expect(got.state).toBe(state)
    expect(got.state === 'trouble' ? got.trouble : undefined).toBe(trouble)
  })
})

test('a check digit needs 17 digits', () => {
  expect(checkDigit('1101051949123100')).toBe('')
  expect(checkDigit('11010519491231002')).toBe('X')
})

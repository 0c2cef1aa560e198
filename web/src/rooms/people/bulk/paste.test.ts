import { describe, expect, test } from 'vitest'
import { parseTsv } from '@/kit/tsv'
import { clean, dayIn, faultOf, lay } from './paste'

describe('reading a clipboard', () => {
  test('rows end in any way and a last line break is no row', () => {
    expect(parseTsv('a\tb\r\nc\td\r\n')).toEqual([['a', 'b'], ['c', 'd']])
    expect(parseTsv('a\n\nb')).toEqual([['a'], [''], ['b']])
    expect(parseTsv('')).toEqual([['']])
  })
  test('cells in quotes hold line breaks and quotes', () => {
    expect(parseTsv('"一组\n12号"\t"说""好"""\r\nx\t')).toEqual([['一组\n12号', '说"好"'], ['x', '']])
  })
  test('what spreadsheets leave is taken out', () => {
    expect(['１３８００１３８０００', "'13800138000", '　老陈\u00a0', '\ufeff'].map(clean)).toEqual(['13800138000', '13800138000', '老陈', ''])
  })
})

test('days are read as people write them', () => {
  expect(['2026-12-03', '2026/12/3', '2026年12月3日', '2026/12/3 0:00'].map(dayIn)).toEqual(Array(4).fill('2026-12-03'))
  expect(['12/3/2026', '2026-02-30', '明天', '20261203'].map(dayIn)).toEqual([null, null, null, null])
})

test('each fault of a cell is named', () => {
  const fault = (column: 'phone' | 'planned_on' | 'worker' | 'usual_name', value: string) => faultOf(column, value, '2026-11-23', ['张三'])
  expect([fault('phone', '13800138000'), fault('phone', '0736-1234567'), fault('phone', '138'), fault('phone', '')]).toEqual([null, null, 'phone', null])
  expect([fault('planned_on', '2026/11/23'), fault('planned_on', '2026-11-22'), fault('planned_on', '下周')]).toEqual([null, 'dayRange', 'day'])
  expect([fault('worker', '张三'), fault('worker', '李四'), fault('usual_name', '长'.repeat(51))]).toEqual([null, 'worker', 'long'])
})

describe('laying cells over the grid', () => {
  const titles = { name: '姓名', phone: '电话', usual_name: '常用名', address: '住址', worker: '责任社工', planned_on: '计划走访日' }
  const sheet = { names: ['王一', '李二', '张三', '李二'], titles }

  test('from the cell in focus to the right and down', () => {
    const laid = lay(sheet, { row: 1, column: 'phone' }, [['1', 'a'], ['2', '']], 'keep')
    expect(laid.changes).toEqual([{ row: 1, column: 'phone', value: '1' }, { row: 1, column: 'usual_name', value: 'a' }, { row: 2, column: 'phone', value: '2' }])
    expect(lay(sheet, { row: 3, column: 'phone' }, [['1'], ['2']], 'keep').beyond).toBe(1)
    expect(lay(sheet, { row: 0, column: 'phone' }, [['']], 'clear').changes).toEqual([{ row: 0, column: 'phone', value: '' }])
  })

  test('by name, so that hidden and sorted rows cannot slip', () => {
    const laid = lay(sheet, { row: 0, column: 'name' }, [['张三', '3'], ['', ''], ['王一', '1'], ['', '9'], ['李二', '2'], ['赵四', '4']], 'keep')
    expect(laid.changes).toEqual([{ row: 2, column: 'phone', value: '3' }, { row: 0, column: 'phone', value: '1' }])
    expect([laid.unknown, laid.ambiguous, laid.nameless]).toEqual([['赵四'], ['李二'], 1])
  })

  test('a header row tells the columns in any order', () => {
    const laid = lay(sheet, { row: 2, column: 'phone' }, [['计划走访日', '姓名'], ['2026/12/3', '王一']], 'keep')
    expect(laid.changes).toEqual([{ row: 0, column: 'planned_on', value: '2026/12/3' }])
  })
})

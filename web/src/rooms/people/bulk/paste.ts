/** Cells pasted from a spreadsheet: reading, cleaning, and laying them over the rows of the grid. */
import { addDays } from '@/app/time'
import { COLUMNS, type GridColumn } from './api'

/** A cell without what spreadsheets leave in it; the server does the same. */
export function clean(cell: string): string {
  const plain = cell
    .replace(/[\u200b-\u200f\ufeff]/g, '')
    .replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000\u00a0\r\n\t]/g, ' ')
    .trim()
  return plain.replace(/^['\u2018\u2019]/, '').trim()
}

/** A day as people write it, as `2026-11-23`; null when it is none. */
export function dayIn(text: string): string | null {
  const parts = text.split(/[-/.\u5e74\u6708\u65e5 ]/).filter(Boolean)
  const [year, month, day, ...rest] = parts
  if (!year || !month || !day || rest.some((r) => !r.includes(':')) || !/^\d{4}$/.test(year) || !/^\d{1,2}$/.test(month) || !/^\d{1,2}$/.test(day)) return null
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const date = new Date(`${iso}T00:00:00Z`)
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== iso ? null : iso
}

export type FaultKey = 'phone' | 'day' | 'dayRange' | 'worker' | 'long'

/** What is wrong with a cell as far as the desk can tell; the server has the last word. */
export function faultOf(column: GridColumn, value: string, today: string, workers: readonly string[]): FaultKey | null {
  const text = clean(value)
  if (text === '') return null
  if (column === 'phone') {
    const digits = text.replace(/[\s\-()]/g, '').replace(/^(\+?86)(?=1\d{10}$)/, '')
    return /^1[3-9]\d{9}$/.test(digits) || /^0\d{9,11}$/.test(digits) || /^\+\d{6,15}$/.test(digits) ? null : 'phone'
  }
  if (column === 'planned_on') {
    const day = dayIn(text)
    if (!day) return 'day'
    return day < today || day > addDays(today, 366) ? 'dayRange' : null
  }
  if (column === 'worker') return workers.length === 0 || workers.includes(text) ? null : 'worker'
  return text.length > (column === 'usual_name' ? 50 : 200) ? 'long' : null
}

export interface Change { row: number; column: GridColumn; value: string }

/** What a paste would set, and what of it finds no place. */
export interface Laid {
  changes: Change[]
  /** Names that stand in no row, or in several. */
  unknown: string[]
  ambiguous: string[]
  /** Rows without a name (merged cells) or beyond the last row. */
  nameless: number
  beyond: number
}

interface Sheet { names: readonly string[]; titles: Readonly<Record<GridColumn | 'name', string>> }

/**
 * Lays pasted cells over the grid. With a header row, columns are found by their titles; where the first column holds names (paste into
 * the name column, or a header that says so), rows are found by name, so hidden, sorted or missing rows of the sheet cannot slip.
 * Blank cells stay as they are, or clear when `blanks` says so.
 */
export function lay(sheet: Sheet, at: { row: number; column: GridColumn | 'name' }, cells: readonly string[][], blanks: 'keep' | 'clear'): Laid {
  const laid: Laid = { changes: [], unknown: [], ambiguous: [], nameless: 0, beyond: 0 }
  const order: (GridColumn | 'name')[] = ['name', ...COLUMNS]
  const titled = (text: string) => order.find((c) => sheet.titles[c] === clean(text))
  const [first] = cells
  const header = first && first.length > 0 && first.every((c) => titled(c) !== undefined || clean(c) === '') && first.some((c) => titled(c) !== undefined)
  const start = order.indexOf(at.column)
  const columns = header ? first.map(titled) : (first ?? []).map((_, i) => order[start + i])
  const nameAt = columns.indexOf('name')
  cells.slice(header ? 1 : 0).forEach((row, n) => {
    if (row.every((c) => clean(c) === '') && nameAt >= 0) return
    const target = nameAt >= 0 ? byName(sheet, clean(row[nameAt] ?? ''), laid) : at.row + n
    if (target === null) return
    if (target >= sheet.names.length) { laid.beyond++; return }
    row.forEach((cell, i) => {
      const column = columns[i]
      if (!column || column === 'name') return
      const value = clean(cell)
      if (value !== '' || blanks === 'clear') laid.changes.push({ row: target, column, value })
    })
  })
  return laid
}

function byName(sheet: Sheet, name: string, laid: Laid): number | null {
  if (name === '') { laid.nameless++; return null }
  const hits = sheet.names.flatMap((n, i) => (n === name ? [i] : []))
  if (hits.length === 1) return hits[0] ?? null
  ;(hits.length ? laid.ambiguous : laid.unknown).push(name)
  return null
}

import { computed, reactive, ref, shallowRef } from 'vue'
import { Problem } from '@/api/problem'
import { uuidv7 } from '@/api/uuid'
import { language } from '@/app/i18n'
import { today } from '@/app/time'
import { COLUMNS, saveEdit, type CellFault, type GridColumn, type Run, type SheetRow } from './api'
import { clean, faultOf, type Change, type FaultKey } from './paste'

type Values = Partial<Record<GridColumn, string>>

/** What stands in an editable cell; secrets show masked and are typed anew. */
export function shownIn(row: SheetRow, column: GridColumn): string {
  if (column === 'usual_name') return row.usual_name ?? ''
  if (column === 'worker') return row.worker?.name ?? ''
  return column === 'planned_on' ? (row.planned_on ?? '') : ''
}

/** State of the grid: rows as they stand, what was typed over them, the cells with faults, saving and its undo. */
export function useGrid(workers: () => string[], words: (key: FaultKey) => string) {
  const rows = shallowRef<SheetRow[]>([])
  const typed = reactive(new Map<string, Values>())
  /** Sentences of the server, by person and column ('' for the row), until the cell is typed again. */
  const told = reactive(new Map<string, string>())
  const saving = ref(false)
  const problem = shallowRef<Problem | null>(null)
  const saved = shallowRef<Run | null>(null)
  let id = uuidv7()

  const key = (person: string, column: string): string => `${person} ${column}`
  const value = (row: SheetRow, column: GridColumn): string => typed.get(row.person.id)?.[column] ?? shownIn(row, column)
  const touched = (row: SheetRow, column: GridColumn): boolean => typed.get(row.person.id)?.[column] !== undefined

  function put(row: SheetRow, column: GridColumn, text: string): void {
    const values = { ...typed.get(row.person.id) }
    told.delete(key(row.person.id, column))
    told.delete(key(row.person.id, ''))
    const secret = column === 'phone' || column === 'address'
    if (!secret && clean(text) === shownIn(row, column)) delete values[column]
    else values[column] = text
    if (Object.keys(values).length) typed.set(row.person.id, values)
    else typed.delete(row.person.id)
    id = uuidv7()
  }

  /** Takes the typing of a cell back; what stood there stands there again. */
  function leave(row: SheetRow, column: GridColumn): void {
    const values = { ...typed.get(row.person.id) }
    delete values[column]
    told.delete(key(row.person.id, column))
    if (Object.keys(values).length) typed.set(row.person.id, values)
    else typed.delete(row.person.id)
  }

  const apply = (changes: readonly Change[]): void => changes.forEach((c) => { const row = rows.value[c.row]; if (row) put(row, c.column, c.value) })

  function fault(row: SheetRow, column: GridColumn): string {
    const sentence = told.get(key(row.person.id, column)) ?? (column === 'phone' ? told.get(key(row.person.id, '')) : undefined)
    if (sentence) return sentence
    const text = typed.get(row.person.id)?.[column]
    const found = text === undefined ? null : faultOf(column, text, today(), workers())
    return found ? words(found) : ''
  }

  const changed = computed(() => rows.value.filter((r) => typed.has(r.person.id)))
  const faulty = computed(() => changed.value.filter((r) => COLUMNS.some((c) => fault(r, c))))

  function tell(faults: readonly CellFault[], sent: readonly SheetRow[]): void {
    for (const f of faults) {
      const row = sent[f.row]
      if (row) told.set(key(row.person.id, f.column ?? ''), language() === 'en' ? f.message_en : f.message)
    }
  }

  /** Saves all changed rows, or with `onlyGood` those without faults; true when something was saved. */
  async function save(onlyGood: boolean): Promise<boolean> {
    const sent = onlyGood ? changed.value.filter((r) => !faulty.value.includes(r)) : changed.value
    if (saving.value || sent.length === 0) return false
    saving.value = true
    problem.value = null
    const body = sent.map((r) => ({ person_id: r.person.id, values: { ...typed.get(r.person.id) } }))
    try {
      // The server looks at every cell first: nothing is saved while one has a fault, unless the good rows are asked for.
      const checked = await saveEdit({ id, rows: body, dry: true })
      tell(checked.faults, sent)
      if (checked.faults.length && !onlyGood) return false
      const bad = new Set(checked.faults.map((f) => f.row))
      const good = body.filter((_, i) => !bad.has(i))
      if (good.length === 0) return false
      const done = await saveEdit({ id, rows: good })
      saved.value = done.run
      good.forEach((r) => typed.delete(r.person_id))
      id = uuidv7()
      return true
    } catch (thrown) {
      if (!(thrown instanceof Problem)) throw thrown
      problem.value = thrown
      return false
    } finally {
      saving.value = false
    }
  }

  function clear(): void {
    typed.clear()
    told.clear()
  }

  return { rows, saving, problem, saved, value, touched, put, leave, apply, fault, changed, faulty, save, clear }
}

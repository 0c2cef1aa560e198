import { computed, ref, type Ref } from 'vue'

/** One column of a `DataList`. Cells are drawn by the slot `cell-<key>`, or by `text`. */
export interface Column<T> {
  key: string
  title: string
  text?: (row: T) => string | number | null | undefined
  width?: string
  align?: 'left' | 'right' | 'center'
  /** The server can order by this column. */
  sortable?: boolean
  /** Not shown until chosen in the column chooser. */
  hidden?: boolean
  /** Place on the card of a phone: the heading, a line with its title (default), or nowhere. */
  card?: 'heading' | 'line' | 'none'
  /** Cannot be switched off. */
  always?: boolean
}

const PREFIX = 'sheqiao.columns.'

function remembered(name: string): string[] | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PREFIX + name) ?? 'null')
    return Array.isArray(kept) ? kept.filter((key): key is string => typeof key === 'string') : null
  } catch {
    return null
  }
}

/** Which columns a reader has chosen to see; remembered per account and list on this device. */
export function useColumns<T>(name: string, columns: Ref<Column<T>[]>) {
  const chosen = ref(remembered(name))
  const keys = computed(() => chosen.value ?? columns.value.filter((c) => !c.hidden).map((c) => c.key))
  const shown = computed(() => columns.value.filter((c) => c.always || keys.value.includes(c.key)))

  function choose(next: string[]): void {
    chosen.value = next
    localStorage.setItem(PREFIX + name, JSON.stringify(next))
  }

  function restore(): void {
    chosen.value = null
    localStorage.removeItem(PREFIX + name)
  }

  return { keys, shown, choose, restore }
}

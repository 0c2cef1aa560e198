import { computed, shallowRef, type Ref } from 'vue'
import { usePreferences } from './preferences'

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

/** What is kept of a reader's choice: the keys shown, in order, and widths in pixels. */
interface Choice {
  shown?: string[]
  widths?: Record<string, number>
}

const texts = (value: unknown): string[] | undefined => (Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : undefined)

/** The columns in the order of `keys`; what must always be there comes first when it is not named, what is unknown is left out. */
export function arranged<T>(columns: Column<T>[], keys: string[]): Column<T>[] {
  const named = keys.flatMap((key) => columns.find((c) => c.key === key) ?? [])
  return [...columns.filter((c) => c.always && !keys.includes(c.key)), ...named]
}

/** The keys with one of them a place further up (-1) or down (1). */
export function moved(keys: string[], key: string, by: -1 | 1): string[] {
  const at = keys.indexOf(key)
  const to = at + by
  if (at < 0 || to < 0 || to >= keys.length) return keys
  const next = [...keys]
  next.splice(at, 1)
  next.splice(to, 0, key)
  return next
}

/**
 * Which columns a reader has chosen to see, in which order and how wide; kept on the server for the account.
 * `preset` (a saved list with columns of its own) goes before the choice as long as it is open.
 */
export function useColumns<T>(name: string, columns: Ref<Column<T>[]>, preset: () => string[] | undefined = () => undefined) {
  const preferences = usePreferences()
  const choice = computed<Choice>(() => preferences.items[`columns.${name}`] ?? {})
  // Choosing columns while a saved list is open leaves its own ones behind.
  const left = shallowRef<string[]>()
  const keys = computed(() => {
    const opened = preset()
    return (opened?.length && opened !== left.value ? opened : texts(choice.value.shown)) ?? columns.value.filter((c) => !c.hidden).map((c) => c.key)
  })
  const shown = computed(() => arranged(columns.value, keys.value))
  const widths = computed<Record<string, number>>(() => choice.value.widths ?? {})
  const keep = (next: Choice): void => preferences.put(`columns.${name}`, { ...choice.value, ...next })

  return {
    keys: computed(() => shown.value.map((c) => c.key)), shown, widths,
    choose: (next: string[]): void => { left.value = preset(); keep({ shown: next }) },
    resize: (key: string, width: number): void => keep({ widths: { ...widths.value, [key]: Math.min(Math.max(Math.round(width), 48), 640) } }),
    restore: (): void => { left.value = preset(); preferences.put(`columns.${name}`, {}) },
  }
}

import { computed, onScopeDispose, reactive, ref, shallowRef, toRaw, watch, type Ref } from 'vue'
import { useRoute, useRouter, type LocationQuery } from 'vue-router'
import { asProblem, type Problem } from '@/api/problem'
import type { Page, Query, Total } from '@/api/types'
import { CursorStack } from './cursorStack'

/** Rows of a page when pages follow each other under one scroll bar. */
const LONG = 100

export type Filters = Record<string, string | string[] | boolean | null>

interface Wishes<T, F extends Filters> {
  /** Asks the server for one page; `query` holds the filters in force, `limit`, `cursor` and, when chosen, `order`. */
  load: (query: Query, signal: AbortSignal) => Promise<Page<T>>
  filters: () => F
  limit?: number
  /** Keep the filters in the address, so that links and tabs come back to the same list. Default true. */
  inAddress?: boolean
}

function fromAddress<F extends Filters>(empty: F, query: LocationQuery): F {
  const filled: Filters = { ...empty }
  for (const key of Object.keys(empty)) {
    const value = query[key]
    if (value === undefined) continue
    const texts = (Array.isArray(value) ? value : [value]).filter((v): v is string => typeof v === 'string')
    if (Array.isArray(empty[key])) filled[key] = texts
    else if (typeof empty[key] === 'boolean') filled[key] = texts[0] === 'true'
    else filled[key] = texts[0] ?? ''
  }
  return filled as F
}

function toAddress(filters: Filters): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {}
  for (const [key, value] of Object.entries(filters)) {
    if (Array.isArray(value) ? value.length > 0 : value) kept[key] = Array.isArray(value) ? [...value] : String(value)
  }
  return kept
}

/** State of a list: filters typed, filters in force, one page of rows, the way back and forth, and what went wrong. */
export function useList<T, F extends Filters>(wishes: Wishes<T, F>) {
  const inAddress = wishes.inAddress !== false
  const route = inAddress ? useRoute() : null
  const router = inAddress ? useRouter() : null
  const filters = reactive(fromAddress(wishes.filters(), route?.query ?? {})) as F
  let inForce: Filters = { ...toRaw(filters) }
  const order = ref(typeof route?.query.order === 'string' ? route.query.order : '')
  const rows = shallowRef<T[]>([]) as Ref<T[]>
  const loading = ref(false)
  const loaded = ref(false)
  const problem = shallowRef<Problem | null>(null)
  const total = shallowRef<Total | null>(null)
  const stack = reactive(new CursorStack())
  let running: AbortController | null = null

  /** Whether pages follow each other under one scroll bar instead of taking each other's place. */
  const scrolling = ref(false)

  async function reload(): Promise<void> {
    if (scrolling.value) stack.reset()
    await load(false)
  }

  async function load(adding: boolean): Promise<void> {
    running?.abort()
    const mine = new AbortController()
    running = mine
    loading.value = true
    try {
      const query: Query = { ...inForce, limit: scrolling.value ? LONG : wishes.limit ?? 20, cursor: stack.cursor, order: order.value || undefined }
      const page = await wishes.load(query, mine.signal)
      if (running !== mine) return
      rows.value = adding ? [...rows.value, ...page.items] : page.items
      stack.setNext(page.next ?? null)
      if (stack.page === 1) total.value = page.total ?? null
      problem.value = null
      loaded.value = true
    } catch (thrown) {
      if (mine.signal.aborted || running !== mine) return
      problem.value = asProblem(thrown)
    } finally {
      if (running === mine) loading.value = false
    }
  }

  function firstPage(): void {
    inForce = { ...toRaw(filters) }
    stack.reset()
    const query = { ...toAddress(inForce), ...(order.value ? { order: order.value } : {}) }
    // An address that stays the same is left alone: writing it would cancel a step to another page that is under way.
    if (route && router && JSON.stringify(query) !== JSON.stringify(route.query)) void router.replace({ path: route.path, query })
    void reload()
  }

  function reset(): void {
    Object.assign(filters, wishes.filters())
    firstPage()
  }

  function scroll(on: boolean): void {
    if (scrolling.value === on) return
    scrolling.value = on
    stack.reset()
    void reload()
  }

  /** Adds the next page below the ones that are there. */
  function more(): void {
    if (scrolling.value && !loading.value && stack.forth()) void load(true)
  }

  function next(): void {
    if (stack.forth()) void reload()
  }

  function prev(): void {
    if (stack.back()) void reload()
  }

  /** Orders by a column of the server: first rising, then falling, then as the server likes. */
  function orderBy(key: string): void {
    order.value = order.value === key ? `-${key}` : order.value === `-${key}` ? '' : key
    firstPage()
  }

  if (route) {
    // A link to the same page with other filters (a figure of the today page, say) takes them over.
    const here = route.path
    watch(() => route.query, (query) => {
      if (route.path !== here) return
      const wanted = fromAddress(wishes.filters(), query)
      const by = typeof query.order === 'string' ? query.order : ''
      if (by === order.value && JSON.stringify(toAddress(wanted)) === JSON.stringify(toAddress(inForce))) return
      Object.assign(filters, wanted)
      order.value = by
      inForce = { ...wanted }
      stack.reset()
      void reload()
    })
  }
  onScopeDispose(() => running?.abort())
  void reload()

  return reactive({
    filters, order, rows, loading, loaded, problem, total,
    pageNumber: computed(() => stack.page), hasPrev: computed(() => stack.page > 1), hasNext: computed(() => stack.hasNext),
    search: firstPage, reset, reload, next, prev, orderBy, scroll, more,
  })
}

/** What `useList` answers with, as `DataList` takes it. */
export interface ListState<T> {
  order: string
  rows: T[]
  loading: boolean
  loaded: boolean
  problem: Problem | null
  /** Rows on all pages; null where nobody counted. */
  total?: Total | null
  pageNumber: number
  hasPrev: boolean
  hasNext: boolean
  search: () => void
  reset: () => void
  reload: () => Promise<void>
  next: () => void
  prev: () => void
  orderBy: (key: string) => void
  scroll: (on: boolean) => void
  more: () => void
}

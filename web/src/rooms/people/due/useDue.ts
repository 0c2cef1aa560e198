import { onScopeDispose, reactive, watch } from 'vue'
import { asProblem, type Problem } from '@/api/problem'
import { listDue, type DueItem } from './api'
import { STATES, type State } from './model'

const LIMIT = 100

interface Part {
  items: DueItem[]
  next: string | null
  loading: boolean
  loaded: boolean
  problem: Problem | null
}

const fresh = (): Part => ({ items: [], next: null, loading: false, loaded: false, problem: null })

/** The lists side by side, because each tab shows its count; each goes on from its own cursor. */
export function useDue(filters: () => { place: string; worker: string }) {
  const parts = reactive<Record<State, Part>>({ overdue: fresh(), due: fresh(), soon: fresh(), not_reached: fresh() })
  let running = new AbortController()

  async function load(state: State, signal: AbortSignal): Promise<void> {
    const part = parts[state]
    part.loading = true
    part.problem = null
    try {
      const page = await listDue({ ...filters(), state, limit: LIMIT, cursor: part.next }, signal)
      if (signal.aborted) return
      part.items = [...part.items, ...page.items]
      part.next = page.next
      part.loaded = true
    } catch (thrown) {
      if (!signal.aborted) part.problem = asProblem(thrown)
    } finally {
      if (!signal.aborted) part.loading = false
    }
  }

  function reload(): void {
    running.abort()
    running = new AbortController()
    for (const state of STATES) {
      Object.assign(parts[state], { items: [], next: null, loaded: false })
      void load(state, running.signal)
    }
  }

  watch(() => JSON.stringify(filters()), reload, { immediate: true })
  onScopeDispose(() => running.abort())
  return { parts, reload, more: (state: State) => load(state, running.signal) }
}

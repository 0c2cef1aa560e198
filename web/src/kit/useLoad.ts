import { onScopeDispose, ref, shallowRef, watch, type Ref, type WatchSource } from 'vue'
import { asProblem, type Problem } from '@/api/problem'

/** Loads one thing, again whenever `when` changes; holds it, the waiting and what went wrong. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, when?: WatchSource<unknown>) {
  const value = shallowRef<T | null>(null) as Ref<T | null>
  const loading = ref(false)
  const problem = shallowRef<Problem | null>(null)
  let running: AbortController | null = null

  async function reload(): Promise<void> {
    running?.abort()
    const mine = (running = new AbortController())
    loading.value = true
    try {
      const got = await load(mine.signal)
      if (running !== mine) return
      value.value = got
      problem.value = null
    } catch (thrown) {
      if (mine.signal.aborted || running !== mine) return
      problem.value = asProblem(thrown)
    } finally {
      if (running === mine) loading.value = false
    }
  }

  if (when) watch(when, () => void reload())
  onScopeDispose(() => running?.abort())
  void reload()
  return { value, loading, problem, reload }
}

import { onScopeDispose, ref, type Ref } from 'vue'

/** Whether the window is as narrow as a phone; follows it while it changes. */
export function useNarrow(below = 640): Ref<boolean> {
  const query = window.matchMedia(`(width < ${below}px)`)
  const narrow = ref(query.matches)
  const follow = () => { narrow.value = query.matches }
  query.addEventListener('change', follow)
  onScopeDispose(() => query.removeEventListener('change', follow))
  return narrow
}

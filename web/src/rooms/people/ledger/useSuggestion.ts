import { ref, shallowRef, watch, type WatchSource } from 'vue'
import { suggestionFor, type Suggestion } from './api'

/** Asks for the suggested grade while a dialog is open. */
export function useSuggestion(id: () => string, open: WatchSource<boolean>) {
  const suggestion = shallowRef<Suggestion | null>(null)
  const failed = ref(false)
  watch(open, async (now) => {
    if (!now) return
    failed.value = false
    suggestion.value = null
    try {
      suggestion.value = await suggestionFor(id())
    } catch {
      failed.value = true
    }
  }, { immediate: true })
  return { suggestion, failed }
}

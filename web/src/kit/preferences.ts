import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { http, seg } from '@/api/client'
import { useSession } from '@/app/session'

type Value = Record<string, unknown>

/**
 * What the account likes to see, kept on the server, so that it is there on every device: columns of a list, the way it is walked.
 * Until the answer is here a list shows its own defaults.
 */
export const usePreferences = defineStore('preferences', () => {
  const session = useSession()
  const items = ref<Record<string, Value>>({})

  async function load(): Promise<void> {
    try {
      items.value = (await http.quiet<{ items: Record<string, Value> } | null>('GET', '/preferences'))?.items ?? {}
    } catch {
      // The lists work without; the next sign-in asks again.
    }
  }

  watch(() => session.current?.account.id, (id) => {
    items.value = {}
    if (id) void load()
  }, { immediate: true })

  /** Keeps a setting; an empty one is forgotten. A failure costs a choice of columns, no work, so it is not shown. */
  function put(name: string, value: Value): void {
    items.value = { ...items.value, [name]: value }
    http.put(`/preferences/${seg(name)}`, { value }).catch(() => undefined)
  }

  return { items, put }
})

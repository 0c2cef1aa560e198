import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { http } from '@/api/client'
import type { CodeEntry } from '@/api/types'
import { language } from '@/app/i18n'

/** A client category carries more than a label: its group and whether it is statutory, restricted, verified. */
export interface CategoryEntry extends CodeEntry {
  statutory?: boolean
  group?: string
  restricted?: boolean
  verified?: boolean
  /** The code this one refines. */
  parent?: string
}

/** Code lists of the server, asked for once per visit. */
export const useCodes = defineStore('codes', () => {
  const lists = shallowRef<Record<string, CategoryEntry[]>>({})
  const ready = ref(false)
  let asked: Promise<void> | null = null

  /** Loads the lists unless they are here; parts that show codes call it themselves. */
  function need(): Promise<void> {
    asked ??= http
      .get<{ lists: Record<string, { items: CategoryEntry[] } | CategoryEntry[]> }>('/codes')
      .then((answer) => {
        lists.value = Object.fromEntries(Object.entries(answer.lists).map(([name, list]) => [name, Array.isArray(list) ? list : list.items]))
        ready.value = true
      })
      .catch(() => { asked = null })
    return asked
  }

  /** By list and code: a long list on the screen asks for thousands of labels. */
  const byCode = computed(() => new Map(Object.entries(lists.value).map(([name, items]) => [name, new Map(items.map((entry) => [entry.code, entry]))])))
  const entries = (list: string): CategoryEntry[] => lists.value[list] ?? []

  /** The label of a code in the language of the desk; the code itself while unknown. */
  function label(list: string, code: string | null | undefined): string {
    if (!code) return ''
    const entry = byCode.value.get(list)?.get(code)
    if (!entry) return code
    return language() === 'en' ? entry.label_en || entry.label : entry.label
  }

  return { lists, ready, need, entries, label }
})

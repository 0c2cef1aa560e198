import { defineStore } from 'pinia'
import { reactive, ref, watch } from 'vue'
import type { RouteLocationNormalizedLoaded } from 'vue-router'
import { pageKey } from './pageKey'

/** One opened page. `path` names the tab; `fullPath` keeps its filters, so coming back shows the same list. */
export interface Tab {
  path: string
  fullPath: string
  titleKey: string
}

const KEPT = 'sheqiao.tabs'
const MOST = 12

function restored(): Tab[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEPT) ?? '[]')
    return Array.isArray(kept) ? (kept as Tab[]).filter((tab) => typeof tab.path === 'string') : []
  } catch {
    return []
  }
}

/** The row of opened pages (页签). Titles of records are set by their page and never stored: they may be names. */
export const useTabs = defineStore('tabs', () => {
  const opened = ref<Tab[]>(restored())
  const titles = reactive<Record<string, string>>({})

  function open(route: RouteLocationNormalizedLoaded): void {
    const tab = { path: pageKey(route), fullPath: route.fullPath, titleKey: route.meta.titleKey ?? '' }
    const at = opened.value.findIndex((each) => each.path === tab.path)
    if (at >= 0) opened.value[at] = tab
    else opened.value = [...opened.value, tab].slice(-MOST)
  }

  /** Closes a tab and answers with the page to show instead, if the closed one was in front. */
  function close(path: string, current: string): string | null {
    const at = opened.value.findIndex((tab) => tab.path === path)
    if (at < 0) return null
    opened.value.splice(at, 1)
    delete titles[path]
    if (path !== current) return null
    return (opened.value[at] ?? opened.value[at - 1])?.fullPath ?? '/today'
  }

  function closeOthers(path: string): void {
    opened.value = opened.value.filter((tab) => tab.path === path)
  }

  function setTitle(path: string, title: string): void {
    titles[path] = title
  }

  function forget(): void {
    opened.value = []
    Object.keys(titles).forEach((path) => delete titles[path])
  }

  watch(opened, (tabs) => sessionStorage.setItem(KEPT, JSON.stringify(tabs)), { deep: true })
  return { opened, titles, open, close, closeOthers, setTitle, forget }
})

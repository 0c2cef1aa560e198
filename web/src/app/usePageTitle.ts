import { watchEffect } from 'vue'
import { useRoute } from 'vue-router'
import { pageKey } from './pageKey'
import { useTabs } from './tabs'

/** Gives the tab and the window the title of the record shown, once it is loaded. */
export function usePageTitle(title: () => string | null | undefined): void {
  const path = pageKey(useRoute())
  const tabs = useTabs()
  watchEffect(() => {
    const text = title()
    if (text) tabs.setTitle(path, text)
  })
}

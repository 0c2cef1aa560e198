import { watchEffect } from 'vue'
import { useRoute } from 'vue-router'
import { useTabs } from './tabs'

/** Gives the tab and the window the title of the record shown, once it is loaded. */
export function usePageTitle(title: () => string | null | undefined): void {
  const path = useRoute().path
  const tabs = useTabs()
  watchEffect(() => {
    const text = title()
    if (text) tabs.setTitle(path, text)
  })
}

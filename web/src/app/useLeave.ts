import { useRoute, useRouter, type RouteLocationRaw } from 'vue-router'
import { pageKey } from './pageKey'
import { useTabs } from './tabs'

/** Leaves a page that is over with (a form saved or cancelled): its tab closes and another page takes its place. */
export function useLeave(): (to: RouteLocationRaw) => Promise<void> {
  const route = useRoute()
  const router = useRouter()
  const tabs = useTabs()
  return async (to) => {
    const mine = pageKey(route)
    const failure = await router.replace(to)
    if (!failure && pageKey(route) !== mine) tabs.close(mine, '')
  }
}

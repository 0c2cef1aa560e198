import type { RouteLocationNormalizedLoaded } from 'vue-router'

/**
 * What makes two addresses one page (and one tab): the path, except below a page with pages of its own
 * (the division tree), where the outer page stays while the inner one changes.
 */
export function pageKey(route: Pick<RouteLocationNormalizedLoaded, 'matched' | 'path'>): string {
  const outer = route.matched[0]
  return route.matched.length > 1 && outer ? outer.path : route.path
}

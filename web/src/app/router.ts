import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'
import { rooms } from './rooms'
import { groupMenu } from './menu'
import { useSession } from './session'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    ...rooms.flatMap((room) => room.routes),
    { path: '/', redirect: '/today' },
    { path: '/refused', name: 'refused', component: () => import('./RefusedPage.vue'), meta: { titleKey: 'app.refused.title' } },
    { path: '/:rest(.*)*', name: 'lost', component: () => import('./LostPage.vue'), meta: { titleKey: 'app.lost.title' } },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

/** Where a page may send the reader after sign-in: only a path of our own. */
export function safeBack(back: unknown): string {
  return typeof back === 'string' && /^\/(?![/\\])/.test(back) && !back.startsWith('/login') ? back : '/today'
}

/** The first page of an account that does no client work (an administrator, say). */
function firstPage(can: (permit?: string) => boolean) {
  const first = groupMenu(rooms.flatMap((room) => room.menu), can)[0]?.items[0]
  return first ? { name: first.to } : { name: 'refused' }
}

async function gate(to: RouteLocationNormalized) {
  // Public pages: nobody is asked who they are.
  if (to.meta.open) return true
  const session = useSession()
  if (!session.known) {
    try {
      await session.look()
    } catch {
      // No answer yet: the page itself shows what is wrong and offers another try.
    }
  }
  if (to.meta.bare) return session.current && to.name === 'login' ? safeBack(to.query.back) : true
  if (!session.current) return { name: 'login', query: { back: to.fullPath } }
  if (session.current.account.must_change_password && to.name !== 'password') return { name: 'password', query: { back: to.fullPath } }
  if (!session.can(to.meta.permit) && to.name === 'today') return firstPage(session.can)
  if (!session.can(to.meta.permit)) return { name: 'refused', query: { from: to.fullPath } }
  return true
}

router.beforeEach(gate)

/** After a deploy the chunk of an open page may be gone: one fresh load of the wanted page puts it right. */
router.onError((_error, to) => {
  const key = 'sheqiao.reloaded'
  if (sessionStorage.getItem(key) === to.fullPath) return
  sessionStorage.setItem(key, to.fullPath)
  window.location.assign(to.fullPath)
})

import { onBeforeUnmount, onMounted } from 'vue'
import { useRouter } from 'vue-router'
import { usePreferences } from '@/kit/preferences'
import { useMenu } from './menu'

/** Pages reached by `g` and a letter, by the name of their route. */
export const PAGES: [letter: string, route: string][] = [['t', 'today'], ['p', 'persons'], ['d', 'due'], ['v', 'visits'], ['i', 'tasks'], ['h', 'households'], ['c', 'coverage']]

const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** Whether a dialog lies over the page; a closed one may still stand in the document, drawn nowhere. */
const covered = (): boolean => [...document.querySelectorAll('dialog[open], .el-overlay')].some((one) => one.getClientRects().length > 0)

/**
 * Shortcuts of the desk. Ctrl+K works everywhere; keys without Ctrl only outside of fields, and not at all when the reader has
 * switched them off (they can get in the way of speech input).
 */
export function useShortcuts(acts: { palette: () => void; sheet: () => void }): void {
  const router = useRouter()
  const menu = useMenu()
  const preferences = usePreferences()
  let led = 0

  function pressed(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      return acts.palette()
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || covered()) return
    if (preferences.items.shortcuts?.off === true) return
    if (event.key === '?') {
      event.preventDefault()
      return acts.sheet()
    }
    if (event.key === '/') {
      const field = document.querySelector<HTMLElement>('[role="search"] input')
      if (field) { event.preventDefault(); field.focus() }
      return
    }
    if (event.key === 'g') { led = Date.now(); return }
    if (Date.now() - led > 1200) return
    led = 0
    const route = PAGES.find(([letter]) => letter === event.key.toLowerCase())?.[1]
    if (route && menu.value.some((group) => group.items.some((item) => item.to === route))) {
      event.preventDefault()
      void router.push({ name: route })
    }
  }

  onMounted(() => window.addEventListener('keydown', pressed))
  onBeforeUnmount(() => window.removeEventListener('keydown', pressed))
}

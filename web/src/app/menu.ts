import { computed } from 'vue'
import { SECTIONS, type MenuItem, type Section } from './room'
import { rooms } from './rooms'
import { useSession } from './session'

export interface MenuGroup {
  section: Section
  items: MenuItem[]
}

/** Groups the lines an account may see; groups without a line vanish. */
export function groupMenu(items: MenuItem[], can: (permit?: string) => boolean): MenuGroup[] {
  return SECTIONS.map((section) => ({
    section,
    items: items.filter((item) => item.section === section && can(item.permit)).sort((a, b) => a.order - b.order),
  })).filter((group) => group.items.length > 0)
}

export function useMenu() {
  const session = useSession()
  const all = rooms.flatMap((room) => room.menu)
  return computed(() => groupMenu(all, session.can))
}

import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { initialsOf, means } from './initials'
import { useMenu } from './menu'
import type { Found } from './room'
import { rooms } from './rooms'
import { useSession } from './session'

/** One line of the palette. */
export interface Line {
  id: string
  group: 'pages' | 'actions' | 'found'
  title: string
  note?: string
  to: string
  /** Where Alt+Enter leads. */
  alt?: string
}

const MOST = 8
/** Pause while typing before the server is asked. */
const PAUSE = 120
/** What was opened from the palette lately, for the order of what is found; forgotten with the page. */
const lately: string[] = []

/** What the palette shows for what is typed: pages, actions, and what the finders of the rooms find. */
export function usePalette() {
  const { t } = useI18n()
  const session = useSession()
  const groups = useMenu()
  const typed = ref('')
  const found = shallowRef<Line[]>([])
  const busy = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: AbortController | null = null

  const pages = computed<Line[]>(() => groups.value.flatMap((group) => group.items.map((item) => ({
    id: `page-${item.to}`, group: 'pages' as const, title: t(item.titleKey), note: t(`app.section.${group.section}`), to: `name:${item.to}`,
  }))))
  const actions = computed<Line[]>(() => rooms.flatMap((room) => room.commands).filter((c) => session.can(c.permit)).map((c) => ({
    id: `act-${c.to}`, group: 'actions' as const, title: t(c.titleKey), to: c.to,
  })))
  const lines = computed<Line[]>(() => {
    const wanted = typed.value.trim().toLowerCase()
    const fits = [...actions.value, ...pages.value].filter((line) => means(wanted, line.title))
    // Whole initials before parts of them.
    const rank = (line: Line) => (wanted && initialsOf(line.title).startsWith(wanted) ? 0 : 1)
    return [...found.value, ...fits.sort((a, b) => rank(a) - rank(b)).slice(0, wanted ? 6 : 20)]
  })

  function lineOf(one: Found): Line {
    return { id: `found-${one.id}`, group: 'found', title: one.title, note: one.note, to: one.to, alt: one.alt }
  }

  async function ask(text: string): Promise<void> {
    const mine = (running = new AbortController())
    busy.value = true
    const finders = rooms.flatMap((room) => room.finder ?? []).filter((f) => session.can(f.permit))
    try {
      const all = await Promise.all(finders.map(async (finder) => (await finder.load()).default(text, mine.signal)))
      if (running !== mine) return
      const more = finders.flatMap((finder, i) => ((all[i]?.length ?? 0) > MOST && finder.all ? [{ id: `all-${i}`, group: 'found' as const, title: t('app.palette.all', { text }), to: finder.all(text) }] : []))
      const recent = (one: Found) => { const at = lately.indexOf(one.id); return at < 0 ? MOST : at }
      found.value = [...all.flat().sort((a, b) => recent(a) - recent(b)).slice(0, MOST).map(lineOf), ...more]
    } catch {
      // The pages are still there; a search that failed is asked again with the next key.
      if (running === mine) found.value = []
    } finally {
      if (running === mine) busy.value = false
    }
  }

  watch(typed, (text) => {
    clearTimeout(timer)
    running?.abort()
    running = null
    busy.value = false
    if (!text.trim()) found.value = []
    else timer = setTimeout(() => void ask(text.trim()), PAUSE)
  })
  onScopeDispose(() => { clearTimeout(timer); running?.abort() })

  function chosen(line: Line): void {
    if (!line.id.startsWith('found-')) return
    const id = line.id.replace('found-', '')
    const others = lately.filter((each) => each !== id).slice(0, 20)
    lately.splice(0, lately.length, id, ...others)
  }

  return { typed, lines, busy, chosen }
}

import { http, seg } from '@/api/client'
import { useSession } from '@/app/session'

/** What somebody typed into a form and has not sent yet. */
export interface Draft {
  /** The client-made id the form will be sent with. */
  id: string
  form: string
  content: Record<string, unknown>
  /** Revision of the record that is being changed; 0 for something new. */
  base_rev: number
  /** When it was kept (ISO 8601), as far as known. */
  saved_at: string
}

interface Waiting extends Draft {
  account: string
}

/** How long a pause in typing lasts before the draft goes to the server. */
const PAUSE = 1500
/** Where drafts wait that the server could not take: this tab only, gone as soon as the server has them. */
const REFUGE = 'sheqiao.drafts'
const waiting = new Map<string, Waiting>(refuge().map((draft) => [draft.id, draft]))
let timer: ReturnType<typeof setTimeout> | undefined

function refuge(): Waiting[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(REFUGE) ?? '[]')
    return Array.isArray(kept) ? (kept as Waiting[]) : []
  } catch {
    return []
  }
}

function seekRefuge(): void {
  try {
    if (waiting.size) sessionStorage.setItem(REFUGE, JSON.stringify([...waiting.values()]))
    else sessionStorage.removeItem(REFUGE)
  } catch {
    // Storage full or forbidden: the drafts still wait in memory.
  }
}

const me = (): string => useSession().current?.account.id ?? ''

/** Keeps a draft: at once in memory, on the server after a pause. */
export function keepDraft(draft: Omit<Draft, 'saved_at'>): void {
  const account = me()
  if (!account) return
  waiting.set(draft.id, { ...draft, account, saved_at: new Date().toISOString() })
  clearTimeout(timer)
  timer = setTimeout(() => void flushDrafts(), PAUSE)
}

/** Sends what waits. True when nothing is left; what cannot be sent stays here for the same account. */
export async function flushDrafts(leaving = false): Promise<boolean> {
  clearTimeout(timer)
  const account = me()
  const mine = [...waiting.values()].filter((draft) => draft.account === account)
  await Promise.all(mine.map(async (draft) => {
    try {
      await http.put(`/drafts/${seg(draft.id)}`, { form: draft.form, content: draft.content, base_rev: draft.base_rev }, leaving)
      if (waiting.get(draft.id) === draft) waiting.delete(draft.id)
    } catch {
      // No session or no network: it waits for the next sign-in or the next pause.
    }
  }))
  seekRefuge()
  return ![...waiting.values()].some((draft) => draft.account === account)
}

/** The newest draft of a form: what still waits here, else what the server has. Null when there is none or no answer. */
export async function newestDraft(form: string): Promise<Draft | null> {
  const account = me()
  for (const draft of waiting.values()) if (draft.account !== account) waiting.delete(draft.id)
  const here = [...waiting.values()].filter((draft) => draft.form === form).at(-1)
  if (here) {
    void flushDrafts()
    return here
  }
  try {
    return (await http.get<{ items: Draft[] }>('/drafts', { form })).items[0] ?? null
  } catch {
    return null
  }
}

/** Throws a draft away, here and on the server. */
export function dropDraft(id: string): void {
  waiting.delete(id)
  seekRefuge()
  http.delete(`/drafts/${seg(id)}`).catch(() => undefined)
}

/** Forgets what waits in this tab; called once a sign-out has sent it. */
export function forgetDrafts(): void {
  clearTimeout(timer)
  waiting.clear()
  seekRefuge()
}

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden' && waiting.size) void flushDrafts(true)
})

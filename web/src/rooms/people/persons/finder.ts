import type { Found } from '@/app/room'
import { useSession } from '@/app/session'
import { listPersons, type PersonRow } from './api'
import { worthAsking } from './worthAsking'

/** Finds people for the palette by name, pinyin, initials, number or last four; the own clients come first. */
export default async function find(text: string, signal: AbortSignal): Promise<Found[]> {
  if (!worthAsking(text)) return []
  const session = useSession()
  const me = session.current?.account.id
  const own = (p: PersonRow) => (p.worker?.id === me ? 0 : 1)
  const { items } = await listPersons({ q: text, limit: 20 }, signal)
  const note = (p: PersonRow) => [p.village?.name, p.birth_date?.slice(0, 4), p.id_number_masked?.slice(-4)].filter(Boolean).join(' · ')
  return [...items].sort((a, b) => own(a) - own(b)).map((p) => ({
    id: p.id, title: p.name, note: note(p), to: `/persons/${p.id}`, alt: session.can('people.visits.record') ? `/visits/new?person=${p.id}` : undefined,
  }))
}

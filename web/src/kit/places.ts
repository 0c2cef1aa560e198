import { allPages, http, seg } from '@/api/client'
import type { Page, Place } from '@/api/types'

/** A division as the tree and the search show it. */
export interface PlaceNode extends Place {
  initials: string
  has_children: boolean
}

export const childrenOf = (code: string | null): Promise<PlaceNode[]> =>
  allPages((cursor) => http.get<Page<PlaceNode>>('/divisions', { parent: code ?? 'root', limit: 200, cursor }), 2000)

export const findPlaces = (q: string, within: string, signal?: AbortSignal): Promise<PlaceNode[]> =>
  http.get<Page<PlaceNode>>('/divisions', { q, place: within }, signal).then((page) => page.items)

export const placeOf = (code: string): Promise<PlaceNode> => http.get<PlaceNode>(`/divisions/${seg(code)}`)

const names = new Map<string, Promise<string>>()

/** The name of a place by its code; asked for once. */
export function placeName(code: string): Promise<string> {
  let name = names.get(code)
  if (!name) {
    name = placeOf(code).then((place) => place.name)
    name.catch(() => names.delete(code))
    names.set(code, name)
  }
  return name
}

/** Forgets all names; called after a division changed. */
export const forgetPlaces = (): void => names.clear()

/** Puts a name known from elsewhere where `placeName` finds it. */
export const knowPlace = (place: { code: string; name: string }): void => void names.set(place.code, Promise.resolve(place.name))

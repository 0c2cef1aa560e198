import { http, seg } from '@/api/client'
import type { Actor, Page, PlaceRef, Query } from '@/api/types'
import type { PersonRow } from '../persons/api'

/** A household in a list. */
export interface HouseholdShort {
  id: string
  kind: string
  head: Actor | null
  village: PlaceRef | null
  address_masked: string | null
  members: number
  from: string
  to: string | null
  rev: number
}

export interface Member {
  membership_id: string
  /** Null when the account may not see the person. */
  person: PersonRow | null
  relation: string
  is_head: boolean
  from: string
  to: string | null
  rev: number
}

export interface Household extends HouseholdShort {
  members_list: Member[]
}

export interface NewMember {
  id: string
  person_id: string
  relation: string
  from: string
}

export interface NewHousehold {
  id: string
  kind: string
  village: string
  address?: string
  members: NewMember[]
}

/** The page of a household as the server sends it: `members` is the list there, and a count in rows. */
type Answer = Omit<HouseholdShort, 'members'> & { members: Member[] }

function withList(answer: Answer): Household {
  return { ...answer, members: answer.members.filter((m) => !m.to).length, members_list: answer.members }
}

export const listHouseholds = (query: Query, signal?: AbortSignal) => http.get<Page<HouseholdShort>>('/households', query, signal)
export const getHousehold = (id: string, signal?: AbortSignal) => http.get<Answer>(`/households/${seg(id)}`, {}, signal).then(withList)
export const createHousehold = (body: NewHousehold) => http.post<{ id: string }>('/households', body)
export const addMember = (id: string, body: NewMember) => http.post<unknown>(`/households/${seg(id)}/members`, body)
export const endMembership = (id: string, body: { rev: number; to: string; reason: string; relations?: { membership_id: string; relation: string }[] }) => http.post<unknown>(`/memberships/${seg(id)}/end`, body)

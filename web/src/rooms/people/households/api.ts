import { http, seg } from '@/api/client'
import type { Actor, Page, PlaceRef, Query } from '@/api/types'
import type { DueItem } from '../due/api'
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
  /** The household this one was split from, and the one that took its members. */
  origin_id: string | null
  successor_id: string | null
  decision: UnitDecision | null
}

/** What the rule says of one person: belongs or not, why, and what would decide. */
export interface Verdict {
  person_id: string
  relation: string | null
  belongs: 'yes' | 'no' | 'unknown'
  why: string
  missing: string[]
}

/** What is known of somebody; what is left out is not known. */
export interface UnitFacts {
  person_id: string
  relation?: string | null
  lives_together?: boolean | null
  dependent?: boolean | null
  student?: boolean | null
  duty?: boolean | null
  religious_away?: boolean | null
  away_by_law?: boolean | null
}

export interface UnitMember extends Verdict {
  /** Null when the account may not see the person. */
  person: PersonRow | null
  shared: string[]
  facts: UnitFacts
  may_apply_alone: boolean
}

export interface UnitProposal {
  applicant_id: string
  items: UnitMember[]
  complete: boolean
  source: string
  verified: boolean
}

export interface UnitDecision {
  on: string
  by: Actor
  differs: boolean
  reason: string | null
  verdicts: Verdict[]
  source: string
}

/** A household on one sheet: everybody with what is due. */
export interface HouseholdSheet {
  id: string
  kind: string
  head: Actor | null
  village: PlaceRef | null
  township: PlaceRef | null
  on: string
  items: { membership_id: string; relation: string; is_head: boolean; is_cohabiting: boolean; due: DueItem | null }[]
}

export interface Relation {
  membership_id: string
  relation: string
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
  unit?: { facts: UnitFacts[]; reason?: string }
}

/** The page of a household as the server sends it: `members` is the list there, and a count in rows. */
type Answer = Omit<Household, 'members' | 'members_list'> & { members: Member[] }

function withList(answer: Answer): Household {
  return { ...answer, members: answer.members.filter((m) => !m.to).length, members_list: answer.members }
}

export const listHouseholds = (query: Query, signal?: AbortSignal) => http.get<Page<HouseholdShort>>('/households', query, signal)
export const getHousehold = (id: string, signal?: AbortSignal) => http.get<Answer>(`/households/${seg(id)}`, {}, signal).then(withList)
export const createHousehold = (body: NewHousehold) => http.post<{ id: string }>('/households', body)
export const addMember = (id: string, body: NewMember) => http.post<unknown>(`/households/${seg(id)}/members`, body)
export const endMembership = (id: string, body: { rev: number; to: string; reason: string; relations?: { membership_id: string; relation: string }[] }) => http.post<unknown>(`/memberships/${seg(id)}/end`, body)
export const setHead = (id: string, body: { rev: number; relations: Relation[] }) => http.post<unknown>(`/households/${seg(id)}/head`, body)
export const splitHousehold = (id: string, body: { id: string; rev: number; on: string; reason: string; village?: string; address?: string; members: Relation[]; staying: Relation[] }) => http.post<{ id: string }>(`/households/${seg(id)}/split`, body)
export const joinHousehold = (id: string, body: { id: string; rev: number; into_id: string; on: string; reason: string; members: Relation[] }) => http.post<{ id: string }>(`/households/${seg(id)}/join`, body)
export const askUnit = (body: { applicant_id: string; facts: UnitFacts[] }) => http.post<UnitProposal>('/households/unit-proposals', body)
export const getSheet = (id: string, signal?: AbortSignal) => http.get<HouseholdSheet>(`/households/${seg(id)}/sheet`, {}, signal)

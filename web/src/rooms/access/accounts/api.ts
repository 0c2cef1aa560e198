import { http, seg } from '@/api/client'
import type { Actor, Page, PlaceRef, Query } from '@/api/types'

export type GrantState = 'proposed' | 'approved' | 'ended' | 'refused'

export interface Grant {
  id: string
  role: string
  /** Null for roles of the whole system. */
  place: PlaceRef | null
  org: { id: string; name: string } | null
  from: string
  to: string | null
  state: GrantState
  proposed_by: Actor | string | null
  approved_by: Actor | string | null
  rev: number
}

/** States a list can be asked for; `invited` is an active account that has not set its own password. */
export const ACCOUNT_STATES = ['active', 'suspended'] as const
export type AccountState = (typeof ACCOUNT_STATES)[number] | 'invited'

export interface Account {
  id: string
  username: string
  display_name: string
  state: AccountState
  created_at: string
  last_login_at: string | null
  rev: number
  grants: Grant[]
}

export interface Role {
  code: string
  label: string
  label_en: string
  permits: string[]
}

export interface Organisation {
  id: string
  kind: string
  name: string
  place: PlaceRef
}

export interface NewGrant {
  id: string
  role: string
  place?: string
  org_id?: string
  from: string
  to?: string
}

export interface NewAccount {
  id: string
  username: string
  display_name: string
  password: string
  org_id?: string
  grants: NewGrant[]
}

export const loadAccounts = (query: Query, signal: AbortSignal) => http.get<Page<Account>>('/accounts', query, signal)
export const loadAccount = (id: string, signal: AbortSignal) => http.get<Account>(`/accounts/${seg(id)}`, {}, signal)
export const createAccount = (account: NewAccount) => http.post<Account>('/accounts', account)
export const changeAccount = (id: string, change: { rev: number; display_name?: string; state?: AccountState; reset_password?: string }) => http.patch<Account>(`/accounts/${seg(id)}`, change)
export const proposeGrant = (accountId: string, grant: NewGrant) => http.post<Grant>(`/accounts/${seg(accountId)}/grants`, grant)
export const approveGrant = (grant: Grant) => http.post<Grant>(`/grants/${seg(grant.id)}/approve`, { rev: grant.rev })
export const refuseGrant = (grant: Grant) => http.post<Grant>(`/grants/${seg(grant.id)}/approve`, { rev: grant.rev, refuse: true })
export const endGrant = (grant: Grant, reason: string) => http.post<Grant>(`/grants/${seg(grant.id)}/end`, { rev: grant.rev, reason })
export const loadRoles = () => http.get<{ items: Role[] }>('/roles').then((answer) => answer.items)
export const findOrganisations = (q: string) => http.get<Page<Organisation>>('/organisations', { q, limit: 20 }).then((page) => page.items)

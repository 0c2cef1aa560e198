import type { Tone } from '@/kit/tone'
import type { Actor } from '@/api/types'
import type { AccountState, Grant, GrantState, NewGrant } from './api'

export const stateTone: Record<AccountState, Tone> = { invited: 'warning', active: 'success', suspended: 'danger' }
export const grantTone: Record<GrantState, Tone> = { proposed: 'warning', approved: 'success', ended: 'info', refused: 'danger' }

/** A grant as typed. */
export interface GrantModel {
  id: string
  role: string
  place: string
  org_id: string
  from: string
  to: string
}

/** Whoever proposed a grant does not approve it (maker is not checker); the server refuses it as well. */
export function mayApprove(grant: Grant, me: Actor | null): boolean {
  const maker = grant.proposed_by
  const mine = me !== null && maker !== null && (typeof maker === 'string' ? maker === me.name : maker.id === me.id)
  return grant.state === 'proposed' && !mine
}

/** The name of whoever acted on a grant. */
export const nameOf = (who: Actor | string | null): string => (typeof who === 'string' ? who : (who?.name ?? ''))

/** Whether a grant is worth ending: it is in force or waits for approval. */
export const canEnd = (grant: Grant): boolean => grant.state === 'approved' || grant.state === 'proposed'

export function toGrant(model: GrantModel): NewGrant {
  const grant: NewGrant = { id: model.id, role: model.role, from: model.from }
  if (model.place) grant.place = model.place
  if (model.org_id) grant.org_id = model.org_id
  if (model.to) grant.to = model.to
  return grant
}

/** Words for grants that cannot be sent yet; empty when all is there. */
export function checkGrant(model: GrantModel): 'role' | 'from' | 'order' | null {
  if (!model.role) return 'role'
  if (!model.from) return 'from'
  return model.to && model.to < model.from ? 'order' : null
}

const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'

/** A first password that can be read out on the telephone: four groups of four, no letters that look alike. */
export function firstPassword(random: Uint32Array = crypto.getRandomValues(new Uint32Array(16))): string {
  const text = Array.from(random, (n) => LETTERS[n % LETTERS.length]).join('')
  return text.replace(/(.{4})(?=.)/g, '$1-')
}

import type { Tone } from '@/kit/tone'
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
export const mayApprove = (grant: Grant, me: string | undefined): boolean => grant.state === 'proposed' && grant.proposed_by.id !== me

/** Whether a grant is worth ending: it is in force or waits for approval. */
export const canEnd = (grant: Grant): boolean => grant.state === 'approved' || grant.state === 'proposed'

export function toGrant(model: GrantModel): NewGrant {
  const grant: NewGrant = { id: model.id, role: model.role, place: model.place, from: model.from }
  if (model.org_id) grant.org_id = model.org_id
  if (model.to) grant.to = model.to
  return grant
}

/** Words for grants that cannot be sent yet; empty when all is there. */
export function checkGrant(model: GrantModel): 'role' | 'place' | 'from' | 'order' | null {
  if (!model.role) return 'role'
  if (!model.place) return 'place'
  if (!model.from) return 'from'
  return model.to && model.to < model.from ? 'order' : null
}

const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'

/** A first password that can be read out on the telephone: four groups of four, no letters that look alike. */
export function firstPassword(random: Uint32Array = crypto.getRandomValues(new Uint32Array(16))): string {
  const text = Array.from(random, (n) => LETTERS[n % LETTERS.length]).join('')
  return text.replace(/(.{4})(?=.)/g, '$1-')
}

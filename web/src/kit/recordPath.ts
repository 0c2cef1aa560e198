/** Pages of records by the kind of record the server names; null when a kind has no page. */
const PATHS: Record<string, string> = {
  person: '/persons', household: '/households', visit: '/visits', station: '/stations', point: '/points', account: '/accounts', division: '/divisions', export: '/exports', application: '/applications', policy_revision: '/policy-revisions',
}

/** Kinds whose records stand on one page together, or are decided in a list of their own. */
const TOGETHER: Record<string, string> = { caseload: '/caseloads', clearance: '/clearances', merge: '/merges?state=proposed', recycled: '/recycle-bin?state=waiting' }

/** Tasks that are answered on a page of their own, not on that of their subject. */
const ANSWERED: Record<string, string> = { handover_incoming: '/handovers', handover_declined: '/handovers?side=out' }

/** Where a task is done. */
export function taskPath(task: { kind: string, subject_kind: string | null, subject_id: string | null }): string | null {
  const path = ANSWERED[task.kind] ?? recordPath(task.subject_kind, task.subject_id)
  return path && task.kind.startsWith('screening_') ? `${path}?tab=policies` : path
}

export function recordPath(kind: string | null | undefined, id: string | null | undefined): string | null {
  const together = kind ? TOGETHER[kind] : undefined
  if (together) return together
  const folder = kind ? PATHS[kind] : undefined
  return folder && id ? `${folder}/${encodeURIComponent(id)}` : null
}

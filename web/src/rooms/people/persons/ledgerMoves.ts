/** The code list of reasons a state is entered with; none where no reason is asked for. */
const REASONS: Record<string, string> = { suspended: 'suspend_reason', exited: 'exit_reason', dismissed: 'dismiss_reason' }

export const reasonList = (to: string): string | null => REASONS[to] ?? null
/** Whether a grade is proposed together with the move: only when somebody enters the ledger. */
export const takesGrade = (from: string, to: string): boolean => to === 'active' && from !== 'suspended'
/** Whether the move ends something and therefore looks dangerous. */
export const isEnding = (to: string): boolean => ['exited', 'dismissed', 'archived'].includes(to)

/** The word of a move: taking a file out of the archive ends nothing. */
export const moveWord = (from: string, to: string): string => (from === 'archived' && to === 'exited' ? 'unarchive' : to)

export interface MoveForm {
  on: string
  reason: string
  note: string
  grade: string
  floor_reason: string
  evidence_kind: string
  evidence_ref: string
}

export type MoveMissing = 'reason' | 'note' | 'grade' | 'floor_reason' | 'evidence'

/** What is still missing before a move can be sent; `needsText` is true when the reason asks for words. */
export function moveMissing(form: MoveForm, from: string, to: string, needsText: boolean, below = false): MoveMissing[] {
  const open: MoveMissing[] = []
  if (takesGrade(from, to) && !form.grade) open.push('grade')
  const unarchive = moveWord(from, to) === 'unarchive'
  if (reasonList(to) && !unarchive && !form.reason) open.push('reason')
  if ((needsText || unarchive) && !form.note.trim()) open.push('note')
  if (below && !form.floor_reason.trim()) open.push('floor_reason')
  if (to === 'exited' && form.reason === 'declined' && !(form.evidence_kind && form.evidence_ref.trim())) open.push('evidence')
  return open
}

/** The move as the server takes it, nothing empty. */
export function toMove(form: MoveForm, id: string, rev: number, from: string, to: string, below = false) {
  const evidence = form.evidence_kind && form.evidence_ref.trim() ? [{ kind: form.evidence_kind, reference: form.evidence_ref.trim() }] : []
  return {
    id, rev, to, on: form.on,
    ...(reasonList(to) && moveWord(from, to) !== 'unarchive' && form.reason ? { reason: form.reason } : {}),
    ...(form.note.trim() ? { note: form.note.trim() } : {}),
    ...(takesGrade(from, to) && form.grade ? { grade: form.grade } : {}),
    ...(below && form.floor_reason.trim() ? { floor_reason: form.floor_reason.trim() } : {}),
    ...(evidence.length ? { evidence } : {}),
  }
}

/** The code list of reasons a state is entered with; none where no reason is asked for. */
const REASONS: Record<string, string> = { suspended: 'suspend_reason', exited: 'exit_reason', dismissed: 'dismiss_reason' }

export const reasonList = (to: string): string | null => REASONS[to] ?? null
/** Whether a grade is proposed together with the move: only when somebody enters the ledger. */
export const takesGrade = (from: string, to: string): boolean => to === 'active' && from !== 'suspended'
/** Whether the move ends something and therefore looks dangerous. */
export const isEnding = (to: string): boolean => ['exited', 'dismissed', 'archived'].includes(to)

export interface MoveForm {
  on: string
  reason: string
  note: string
  grade: string
}

export type MoveMissing = 'reason' | 'note' | 'grade'

/** What is still missing before a move can be sent; `needsText` is true when the reason asks for words. */
export function moveMissing(form: MoveForm, from: string, to: string, needsText: boolean): MoveMissing[] {
  const open: MoveMissing[] = []
  if (takesGrade(from, to) && !form.grade) open.push('grade')
  if (reasonList(to) && !form.reason) open.push('reason')
  if (needsText && !form.note.trim()) open.push('note')
  return open
}

/** The move as the server takes it, nothing empty. */
export function toMove(form: MoveForm, id: string, rev: number, from: string, to: string) {
  return {
    id, rev, to, on: form.on,
    ...(reasonList(to) && form.reason ? { reason: form.reason } : {}),
    ...(form.note.trim() ? { note: form.note.trim() } : {}),
    ...(takesGrade(from, to) && form.grade ? { grade: form.grade } : {}),
  }
}

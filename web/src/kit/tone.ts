export type Tone = 'primary' | 'success' | 'warning' | 'danger' | 'info'

const TONES: Record<string, Record<string, Tone>> = {
  grade: { A: 'danger', B: 'warning', C: 'success' },
  ledger_state: { lead: 'warning', verifying: 'warning', active: 'success', suspended: 'info', exited: 'info', dismissed: 'info', archived: 'info' },
  station_status: { planned: 'info', preparing: 'info', staffed: 'warning', plaque_hung: 'warning', operating: 'success', suspended: 'danger', closed: 'info' },
  due_state: { overdue: 'danger', due: 'warning', soon: 'warning', ok: 'success', none: 'info' },
}

/** The colour of a code, where the colour says something; neutral otherwise. */
export function toneOf(list: string, code: string): Tone {
  return TONES[list]?.[code] ?? 'info'
}

import type { State } from './api'

export const STATES: readonly State[] = ['draft', 'handed', 'in_force', 'withdrawn', 'void']

/** Tone of a state's tag. */
export const TONES: Record<State, 'primary' | 'success' | 'warning' | 'info' | 'danger'> = { draft: 'info', handed: 'warning', in_force: 'success', withdrawn: 'info', void: 'danger' }

/** What a key does in the review queue; null leaves it to the browser. */
export type Act = { do: 'next' | 'prev' | 'ok' | 'ask' | 'send' | 'back' } | { do: 'reason'; n: number }

/** Where the keys are typed: over the list, or inside the comment of a question. */
export type Place = 'list' | 'comment'

export function actOf(key: string, place: Place, modifiers: { ctrl: boolean; composing: boolean }): Act | null {
  // Enter that picks a word of the input method is no command.
  if (modifiers.composing) return null
  if (place === 'comment') {
    if (key === 'Escape') return { do: 'back' }
    return key === 'Enter' && modifiers.ctrl ? { do: 'send' } : null
  }
  if (modifiers.ctrl) return null
  if (key === 'j' || key === 'ArrowDown') return { do: 'next' }
  if (key === 'k' || key === 'ArrowUp') return { do: 'prev' }
  if (key === 'Enter' || key === 'o') return { do: 'ok' }
  if (key === 'x') return { do: 'ask' }
  return /^[1-9]$/.test(key) ? { do: 'reason', n: Number(key) } : null
}

/** The next entry without a verdict, after `from` and around; where it stands when all are done. */
export function nextOpen(done: readonly boolean[], from: number): number {
  for (let step = 1; step <= done.length; step++) {
    const at = (from + step) % done.length
    if (!done[at]) return at
  }
  return from
}

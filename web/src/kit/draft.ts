/**
 * Drafts of forms, kept in this browser tab only (sessionStorage), so that a lost session or a slip of the finger costs no typing.
 * They leave with the tab and at sign-out, because they may hold personal data.
 */
const PREFIX = 'sheqiao.draft.'

export function keepDraft(key: string, model: unknown): void {
  try {
    sessionStorage.setItem(PREFIX + key, JSON.stringify(model))
  } catch {
    // Storage full or forbidden: the form still works, only without a draft.
  }
}

export function readDraft<T>(key: string): T | null {
  try {
    const kept = sessionStorage.getItem(PREFIX + key)
    return kept ? (JSON.parse(kept) as T) : null
  } catch {
    return null
  }
}

export function dropDraft(key: string): void {
  sessionStorage.removeItem(PREFIX + key)
}

/** Removes all drafts; called at sign-out. */
export function dropDrafts(): void {
  Object.keys(sessionStorage)
    .filter((key) => key.startsWith(PREFIX))
    .forEach((key) => sessionStorage.removeItem(key))
}

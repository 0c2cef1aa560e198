import type { Queue, QueueState } from './api'

/** Done share of a queue in whole percent; an empty queue is done. */
export function percentDone(queue: Pick<Queue, 'total' | 'open_items'>): number {
  return queue.total === 0 ? 100 : Math.floor((100 * (queue.total - queue.open_items)) / queue.total)
}

/** The selection after one row, or the whole page, was ticked or cleared. */
export function ticked(chosen: ReadonlySet<string>, ids: readonly string[], on: boolean): Set<string> {
  const next = new Set(chosen)
  for (const id of ids) {
    if (on) next.add(id)
    else next.delete(id)
  }
  return next
}

/** Sends the rest in parts until nothing of the kind waits; tells how far it is, and stops when a part changes nothing. */
export async function sendRest(send: () => Promise<QueueState>, told: (state: QueueState) => void): Promise<QueueState> {
  let before = Number.POSITIVE_INFINITY
  for (;;) {
    const state = await send()
    told(state)
    if (state.state === 'settled' || state.open_items >= before) return state
    before = state.open_items
  }
}

/** Rows drawn: from (inclusive) to (exclusive). */
export interface Span {
  from: number
  to: number
}

/**
 * The next span on the way to the one wanted, with at most `step` new rows. Rows out of sight are dropped at once; where nothing
 * drawn is still wanted, drawing begins afresh in the middle of what is wanted.
 */
export function stepTowards(now: Span, goal: Span, step: number): Span {
  const kept = { from: Math.max(now.from, goal.from), to: Math.min(now.to, goal.to) }
  if (kept.from >= kept.to) {
    const from = Math.min(goal.from + Math.floor((goal.to - goal.from) / 4), Math.max(goal.to - step, goal.from))
    return { from, to: Math.min(from + step, goal.to) }
  }
  let room = step
  const down = Math.min(goal.to - kept.to, room)
  room -= down
  const up = Math.min(kept.from - goal.from, room)
  return { from: kept.from - up, to: kept.to + down }
}

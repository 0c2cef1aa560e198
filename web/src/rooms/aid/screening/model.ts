import type { Counted, Kind, PolicyFindings } from './api'

export const KINDS: Kind[] = ['eligible', 'lost', 'unknown']

/** A count as people read it: `1,234` or `10,000+`. */
export const countText = (c: Counted): string => `${c.waiting.toLocaleString('zh-CN')}${c.more ? '+' : ''}`

/** Policies with something to look at, most of this kind first; then those with nothing of it. */
export const withFindings = (all: PolicyFindings[], kind: Kind): PolicyFindings[] =>
  all.filter((p) => p[kind].waiting > 0).sort((a, b) => b[kind].waiting - a[kind].waiting)

/** Length of a bar, 0 to 100; what is not nothing can be seen. */
export function barLength(n: number, most: number): number {
  return n <= 0 || most <= 0 ? 0 : Math.max(2, Math.round((100 * n) / most))
}

/** All policies added up. */
export function sum(all: PolicyFindings[], kind: Kind): Counted {
  const parts = all.map((p) => p[kind])
  return { waiting: parts.reduce((n, c) => n + c.waiting, 0), more: parts.some((c) => c.more), new: parts.reduce((n, c) => n + c.new, 0) }
}

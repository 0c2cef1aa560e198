export type SpanKind = 'month' | 'quarter' | 'year'

/** What sort of span a text is: 2026-11, 2026-Q4, 2026. */
export const kindOfSpan = (span: string): SpanKind => (/^\d{4}$/.test(span) ? 'year' : span.includes('Q') ? 'quarter' : 'month')

/** The span of a kind that a day lies in. */
export function spanOf(kind: SpanKind, day: string): string {
  const year = day.slice(0, 4)
  if (kind === 'year') return year
  return kind === 'month' ? day.slice(0, 7) : `${year}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`
}

/** Spans to choose from, the newest first, from the one of `today` back. */
export function spansBack(kind: SpanKind, today: string, n: number): string[] {
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))]
  return Array.from({ length: n }, (_, i) => {
    if (kind === 'year') return String(year - i)
    const months = kind === 'month' ? 1 : 3
    const index = year * 12 + (kind === 'month' ? month - 1 : Math.floor((month - 1) / 3) * 3) - i * months
    return spanOf(kind, `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}-01`)
  })
}

/** Minutes as hours with one decimal. */
export const hoursText = (minutes: number): string => (minutes / 60).toFixed(1)

/** The list of acts behind a figure. */
export function actsLink(figures: { from: string; to: string; place: { code: string } }, more: Record<string, string>): { path: string; query: Record<string, string> } {
  return { path: '/visits', query: { acts: 'true', from: figures.from, to: figures.to, place: figures.place.code, ...more } }
}

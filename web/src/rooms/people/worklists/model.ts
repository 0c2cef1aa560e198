import { queryString } from '@/api/client'
import type { Query } from '@/api/types'

/** The conditions of a list as its query string, without leading question mark, page and order. */
export function conditions(query: Query): string {
  return queryString({ ...query, limit: undefined, cursor: undefined, order: undefined }).slice(1)
}

/** A query string as an address takes it: repeated keys become lists. */
export function addressOf(query: string): Record<string, string | string[]> {
  const address: Record<string, string | string[]> = {}
  for (const [key, value] of new URLSearchParams(query)) {
    const before = address[key]
    address[key] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  return address
}

/** Whether two query strings ask the same, whatever the order of their conditions. */
export function same(a: string, b: string): boolean {
  const sorted = (query: string) => [...new URLSearchParams(query)].map((pair) => pair.join('=')).sort().join('&')
  return sorted(a) === sorted(b)
}

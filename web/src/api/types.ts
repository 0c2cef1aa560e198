/** Shapes shared by several rooms. Shapes of one room stand in that room's `api.ts`. */

/** One page of a list; `next` is an opaque cursor, null on the last page. */
/** How many rows all pages of a list hold. */
export interface Total {
  rows: number
  over: boolean
}

export interface Page<T> {
  items: T[]
  next: string | null
  /** On the first page, where the server counted. */
  total?: Total | null
}

/** Short form of a division inside rows. `code` is what `place=` parameters take. */
export interface PlaceRef {
  code: string
  name: string
  level: number
  kind: string
}

/** A division with both codes and its path of names. */
export interface Place extends PlaceRef {
  code_civil: string | null
  code_stat: string | null
  path: string
}

/** An account in the role of somebody who did something. */
export interface Actor {
  id: string
  name: string
}

/** One entry of a code list; labels come from the server in both languages. */
export interface CodeEntry {
  code: string
  label: string
  label_en: string
}

/** State of a job that runs in the background. */
export interface Job {
  id: string
  kind: string
  state: 'queued' | 'running' | 'done' | 'failed'
  done: number
  total: number
  message: string
  result: Record<string, unknown> | null
}

export type QueryValue = string | number | boolean | null | undefined | readonly string[]
export type Query = Record<string, QueryValue>

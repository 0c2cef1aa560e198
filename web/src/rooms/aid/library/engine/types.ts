/** Conditions as data, as `GET /library/conditions` gives them: lists whose parts name each other by their place. */

/** How two numbers are compared. */
export type Order = 'less' | 'at_most' | 'same'
/** Values, both ends included. */
export type Run = readonly [number, number]

export type Condition =
  | { readonly is: 'fixed'; readonly value: boolean | null }
  | { readonly is: 'flag'; readonly fact: number }
  | { readonly is: 'runs'; readonly fact: number; readonly runs: readonly Run[] | null }
  | { readonly is: 'compare'; readonly order: Order; readonly a: number; readonly b: number }
  | { readonly is: 'all' | 'any'; readonly of: readonly number[] }
  | { readonly is: 'not'; readonly of: number }

export type Numeric =
  | { readonly is: 'fixed'; readonly value: number | null }
  | { readonly is: 'fact'; readonly fact: number }
  | { readonly is: 'both'; readonly how: 'add' | 'sub' | 'mul' | 'min' | 'max'; readonly a: number; readonly b: number }
  | { readonly is: 'round'; readonly a: number; readonly by: number; readonly how: 'down' | 'half' | 'up' }
  | { readonly is: 'table'; readonly rows: readonly (readonly [number, number])[]; readonly other: number | null }

/** What some policies ask for and how they answer. */
export interface Program {
  /** Bounds of each fact, in its steps. */
  readonly facts: readonly { readonly min: number; readonly max: number }[]
  readonly conditions: readonly Condition[]
  readonly numbers: readonly Numeric[]
}

/** One policy; numbers are places in the lists of the program. */
export interface Policy {
  readonly when: number
  readonly amount: number | null
  readonly facts: readonly number[]
  readonly amount_facts: readonly number[]
}

/** What is known: the value of a fact by its place, in steps; a flag is 0 or 1. */
export type Known = ReadonlyMap<number, number>

/** True, false, or null: not known. */
export type Kleene = boolean | null
/** Smallest and largest value. */
export type Range = readonly [bigint, bigint]

import type { IpRange } from '../ip.ts'

/** How a predicate compares. */
export type Operator =
  | '=='
  | '!='
  | '~'
  | '^='
  | '=^'
  | '>='
  | '>'
  | '<='
  | '<'
  | 'in'
  | 'not in'
  | 'contains'

/** What stands at a predicate's right. */
export type Literal =
  | { readonly type: 'string'; readonly text: string }
  | { readonly type: 'int'; readonly number: number }
  | { readonly type: 'ip'; readonly range: IpRange; readonly cidr: boolean }

/** One comparison. */
export interface Predicate {
  readonly kind: 'predicate'
  /** The field's name as written. */
  readonly field: string
  readonly lower: boolean
  readonly any: boolean
  readonly operator: Operator
  readonly value: Literal
  /** Where in the text it stands, from 0. */
  readonly at: number
}

/** A router expression, taken apart. */
export type Expression =
  | Predicate
  | { readonly kind: 'and' | 'or'; readonly items: readonly Expression[] }
  | { readonly kind: 'not'; readonly body: Expression }

/** What is wrong with an expression, and where in its text, from 0. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError'
  readonly at: number

  constructor(reason: string, at: number) {
    super(reason)
    this.at = at
  }
}

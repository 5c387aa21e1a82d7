import type { Field } from '../../lib/expression/fields.ts'
import type { Captures } from '../../lib/regex.ts'

/** What is known of a field: nothing, one value, or for headers and queries each there is. */
export type Values = string | number | readonly string[] | undefined

/** Tells what a request, or a connection, has in a field. Strings hold one char per byte. */
export type ReadField<S> = (field: Field) => (subject: S) => Values

/** What the predicates on the path matched, the last one's word counting. */
export interface Caught {
  prefix: string | undefined
  captures: Captures | undefined
}

/** A compiled expression. Notes in `caught`, when it is given, what of the path was matched. */
export type Test<S> = (subject: S, caught?: Caught) => boolean

import { EntityError, entityErrors } from '../schema/entity-error.ts'
import type { ErrorTree } from '../schema/error-tree.ts'

/** A place in a text, both counted from one. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Steps into a document: names of members, places in lists counted from nought. */
export type DocumentPath = readonly (string | number)[]

/** One thing that is wrong with a document, for a person to find. */
export interface Violation {
  readonly path: DocumentPath
  /** Holds no secret: logs show it. */
  readonly text: string
  readonly hint?: string
  /** Where it is, for what has no path since the text cannot be read. */
  readonly at?: Position
}

/** What a refusal is made of. */
export interface Findings {
  readonly fields: Readonly<Record<string, ErrorTree>>
  readonly flattened?: readonly unknown[]
  readonly violations: readonly Violation[]
}

/** Kong's refusal of a document (code 14), with each violation's place besides. */
export class InvalidConfig extends EntityError {
  readonly violations: readonly Violation[]

  constructor({ fields, flattened, violations }: Findings) {
    const { code, errorName, message } = entityErrors.invalidDeclarative(fields)
    super(code, errorName, message, flattened === undefined ? { fields } : { fields, flattened })
    this.violations = violations
  }
}

/** The refusal of what is no configuration at all, as Kong words it. */
export function unreadable(reason: string, at?: Position): InvalidConfig {
  const place = at === undefined ? '' : ` at line ${at.line}, column ${at.column}`
  return new InvalidConfig({
    fields: { error: `failed parsing declarative configuration: ${reason}${place}` },
    violations: [{ path: [], text: reason, ...(at !== undefined && { at }) }],
  })
}

import { perObject } from '../lib/per-object.ts'
import { type Deprecation, entriesOf, type Fields, getOwn, isObject, type Rules } from './field.ts'

/** What is warned of: shorthands as they were sent, fields as the row has them. */
interface Written {
  readonly sent: unknown
  readonly row: unknown
}

/** Kong's warnings of the deprecated fields that a write gives or keeps a value. */
export function deprecationsIn(fields: Fields, { sent, row }: Written): string[] {
  return deprecating(fields).flatMap(([name, rules]) => {
    const held = memberOf(row, name)
    const text = warningOf(rules, held)
    const inside = ofRecord(rules, { sent: memberOf(sent, name), row: held })
    return text === undefined ? inside : [text, ...inside]
  })
}

function ofRecord(rules: Rules, { sent, row }: Written): string[] {
  const shorthands = Object.entries(rules.shorthand_fields ?? {}).flatMap(([name, field]) => {
    return warningOf(field, memberOf(sent, name)) ?? []
  })
  return [...shorthands, ...deprecationsIn(rules.fields ?? {}, { sent, row })]
}

interface Deprecated extends Rules {
  readonly deprecation?: Deprecation
}

/** The fields with any such in them, looked for once: most rows have none. */
const deprecating = perObject((fields: Fields): readonly (readonly [string, Deprecated])[] =>
  entriesOf(fields).filter(([, field]) => isDeprecating(field)),
)

function isDeprecating({ deprecation, shorthand_fields, fields }: Deprecated): boolean {
  if (deprecation !== undefined || shorthand_fields !== undefined) return true
  return fields !== undefined && deprecating(fields).length > 0
}

function warningOf({ deprecation }: Deprecated, value: unknown): string | undefined {
  const { message, old_default, removal_in_version } = deprecation ?? {}
  if (message === undefined || value === undefined || value === null) return undefined
  // Kong counts the version it goes with as the one it is deprecated after.
  return value === old_default ? undefined : `${message} (deprecated after ${removal_in_version})`
}

function memberOf(holder: unknown, name: string): unknown {
  return isObject(holder) ? getOwn(holder, name) : undefined
}

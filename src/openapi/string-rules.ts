import type { Rules } from '../schema/field.ts'
import { regexSourceOf } from '../schema/lua-pattern.ts'

type Words = Readonly<Record<string, unknown>>

/** What a text must be like. Of one that may name a vault's secret instead, only what both keep. */
export function stringRules(rules: Rules): Words {
  const format = formatOf(rules)
  if (rules.referenceable === true) return format
  const { one_of: values, not_one_of: barred, len_eq: exact } = rules
  // Kong: a text is never empty unless its schema says so.
  const { len_min: least = exact ?? (values || rules.uuid ? undefined : 1) } = rules
  const { len_max: most = exact, eq } = rules
  return {
    ...format,
    ...(values === undefined ? {} : { enum: values }),
    ...(barred === undefined ? {} : { not: { enum: barred } }),
    ...(least === undefined || least === 0 ? {} : { minLength: least }),
    ...(most === undefined ? {} : { maxLength: most }),
    ...(typeof eq === 'string' ? { const: eq } : {}),
    ...patternWords(rules),
  }
}

function formatOf({ uuid, encrypted }: Rules): Words {
  if (uuid === true) return { format: 'uuid' }
  return encrypted === true ? { format: 'password' } : {}
}

/** One pattern stands by itself, several in `allOf`. */
function patternWords(rules: Rules): Words {
  const all = [...wanted(rules), ...refused(rules)]
  const [only] = all
  return all.length === 1 && only !== undefined ? only : all.length === 0 ? {} : { allOf: all }
}

function wanted({ match, match_all, match_any, starts_with }: Rules): readonly Words[] {
  const any = match_any?.patterns.map(regexSourceOf) ?? []
  const anyOf = any.map((pattern) => ({ pattern }))
  return [
    ...(starts_with === undefined ? [] : [{ pattern: `^${quoted(starts_with)}` }]),
    ...[match, ...(match_all ?? []).map(({ pattern }) => pattern)].flatMap(patternOf),
    // One that cannot be written would make the others say too much.
    ...(anyOf.length === 0 || any.includes(undefined) ? [] : [{ anyOf }]),
  ]
}

function refused({ match_none, not_match }: Rules): readonly Words[] {
  return [not_match, ...(match_none ?? []).map(({ pattern }) => pattern)]
    .flatMap(patternOf)
    .map((pattern) => ({ not: pattern }))
}

function patternOf(lua: string | undefined): readonly Words[] {
  const pattern = lua === undefined ? undefined : regexSourceOf(lua)
  return pattern === undefined ? [] : [{ pattern }]
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

import { parseNested } from '../../lib/nested-json.ts'
import { isObject } from '../../schema/field.ts'
import { split } from '../fields/transformation.ts'
import { appended, jsonFields } from '../request-transformer/json-fields.ts'

/** What is to be done with a JSON body, in this order. */
export interface JsonChanges {
  readonly remove: readonly string[]
  readonly rename: readonly { readonly from: string; readonly to: string }[]
  readonly replace: readonly Member[]
  readonly add: readonly Member[]
  readonly append: readonly Member[]
  readonly none: boolean
}

interface Member {
  readonly name: string
  readonly value: string | number | boolean
}

type JsonType = 'boolean' | 'number' | 'string'

interface Values {
  readonly json: readonly string[]
  readonly json_types: readonly JsonType[]
}

interface Config {
  readonly remove: Pick<Values, 'json'>
  readonly rename: Pick<Values, 'json'>
  readonly replace: Values
  readonly add: Values
  readonly append: Values
}

/** Prepares what a configuration says. */
export function jsonChanges(config: Config): JsonChanges {
  const remove = config.remove.json.map((pair) => split(pair).name)
  const rename = config.rename.json.flatMap((pair) => {
    const { name: from, value: to } = split(pair)
    return to === '' ? [] : [{ from, to }]
  })
  const replace = membersOf(config.replace)
  const add = membersOf(config.add)
  const append = membersOf(config.append)
  const count = [remove, rename, replace, add, append].reduce((sum, { length }) => sum + length, 0)
  return { remove, rename, replace, add, append, none: count === 0 }
}

function membersOf({ json, json_types: types }: Values): readonly Member[] {
  return json.flatMap((pair, i) => {
    const { name, value: text } = split(pair)
    const value = typed(text, types[i])
    return value === undefined ? [] : [{ name, value }]
  })
}

/** Kong: no value is the text `null`; what is no number is left out; `true` alone is true. */
function typed(text: string, type: JsonType | undefined): Member['value'] | undefined {
  const value = text === '' ? 'null' : text
  if (type === 'boolean') return value === 'true'
  if (type !== 'number') return value
  const number = Number(value)
  return value.trim() === '' || !Number.isFinite(number) ? undefined : number
}

/** The changed body; undefined when it is no JSON object, which is then left as it is. */
export function changeJson(text: string, changes: JsonChanges): string | undefined {
  const value = parseNested(text)
  if (!isObject(value)) return undefined
  const members: Record<string, unknown> = { ...value }
  const fields = jsonFields(members)
  for (const name of changes.remove) fields.remove(name)
  for (const { from, to } of changes.rename) if (fields.has(from)) fields.rename(from, to)
  for (const { name, value: to } of changes.replace) if (fields.has(name)) fields.put(name, to)
  for (const { name, value: to } of changes.add) if (!fields.has(name)) fields.put(name, to)
  for (const { name, value: to } of changes.append) {
    fields.put(name, appended(fields.get(name), to))
  }
  return JSON.stringify(members)
}

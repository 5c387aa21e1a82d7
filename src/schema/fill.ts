import { perObject } from '../lib/per-object.ts'
import {
  entriesOf,
  type Field,
  type Fields,
  type FieldType,
  getOwn,
  isObject,
  type Rules,
  setOwn,
} from './field.ts'

type Members = Readonly<Record<string, unknown>>

/** Where fields get a value from that nobody sent. */
export interface Filling {
  /** Values that stand whatever was sent. */
  readonly forced?: Members
  /** Makes the value of an `auto` field. */
  auto?(field: Field): unknown
  /** Whether a list that says what its default says is that default, as in a file that was exported. */
  readonly recognise?: boolean
}

const NO_FILLING: Filling = {}

/**
 * Every field in wire order: as forced, else as given, else its default, else null; unknown members
 * follow. Records are filled at every depth.
 */
export function fillIn(
  fields: Fields,
  given: Members,
  filling: Filling = NO_FILLING,
): Record<string, unknown> {
  return fill(fields, given, { filling, forced: filling.forced ?? NOTHING })
}

function fill(
  fields: Fields,
  given: Members,
  { filling, forced = NOTHING }: { readonly filling: Filling; readonly forced?: Members },
): Record<string, unknown> {
  const { empty, made, byName } = blankOf(fields)
  // Not spread: on Node 20 each copy made that way has a shape of its own once it is frozen.
  const filled: Record<string, unknown> = Object.assign({}, empty)
  const names = Object.keys(given)
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string
    const value = given[name]
    const field = byName.get(name)
    if (field === undefined) {
      if (name !== IGNORED) setOwn(filled, name, value)
    } else if (value !== undefined) filled[name] = conformGiven(field, value, filling)
  }
  for (const name in forced) {
    const value = forced[name] ?? undefined
    const field = byName.get(name)
    if (field !== undefined && value !== undefined) {
      filled[name] = conformGiven(field, value, filling)
    }
  }
  for (let i = 0; i < made.length; i++) {
    const [name, field] = made[i] as (typeof made)[number]
    if (filled[name] === undefined) filled[name] = missing(field, filling)
  }
  return filled
}

const NOTHING: Members = {}

/** Kong looks at no `updated_at`, be there a field of that name or not; without one it is dropped. */
export const IGNORED = 'updated_at'

/** A record that nobody has said anything of. */
interface Blank {
  /** All fields with what is the same in every such record. */
  readonly empty: Members
  /** Those that are made for each. */
  readonly made: readonly (readonly [string, Field])[]
  readonly byName: ReadonlyMap<string, Field>
}

/** The blank of these fields. Put together once: a copy of a whole object costs less than to put it together again. */
export const blankOf = perObject((fields: Fields): Blank => {
  const empty: Record<string, unknown> = {}
  const made: (readonly [string, Field])[] = []
  for (const [name, field] of entriesOf(fields)) {
    const isMade = field.auto === true || draws(field)
    empty[name] = isMade ? undefined : missing(field, NO_FILLING)
    if (isMade) made.push([name, field])
  }
  // What was put together member by member is kept as a table of them, which is slow to copy.
  return { empty: { ...empty }, made, byName: new Map(entriesOf(fields)) }
})

/** Whether a secret stands within what the field is when nobody says. */
function draws(field: Field): boolean {
  const plain = missing(field, NO_FILLING)
  return isObject(plain) && !defaults.has(field)
}

/** What comes from a stored row is frozen, and as it should be already. */
function conformGiven(field: Field, value: unknown, filling: Filling): unknown {
  if (typeof value !== 'object') return value
  if (!Array.isArray(value)) return conform(field, value, filling)
  if (Object.isFrozen(value) || (filling.recognise === true && isDefault(field, value)))
    return value
  return conform(field, value, filling)
}

function isDefault(field: Field, value: readonly unknown[]): boolean {
  if (field.elements?.type !== 'record' || field.default === undefined) return false
  return JSON.stringify(value) === JSON.stringify(field.default)
}

const defaults = new WeakMap<Field, unknown>()

/** What a field is when nobody says: made once where that is a composite, and shared by all rows. */
function missing(field: Field, filling: Filling): unknown {
  if (field.auto === true && filling.auto !== undefined) return filling.auto(field)
  const plain = defaultOf(field)
  if (typeof plain !== 'object' || plain === null) return plain
  const known = defaults.get(field)
  if (known !== undefined) return known
  // Kong shows unset fields in the elements of a default as null, and decK never comes to rest.
  if (Array.isArray(plain)) return plain

  let drawn = false
  const auto = (inner: Field) => {
    drawn = true
    return filling.auto?.(inner) ?? null
  }
  const made = conform(field, plain, { auto })
  // A secret within it is each row's own.
  if (!drawn) defaults.set(field, freeze(made))
  return made
}

function defaultOf(field: Field): unknown {
  if (field.default !== undefined) return field.default
  if (field.required !== true || field.abstract === true) return null
  // Kong: what has to be there and is not is nothing, which rules over fields tell from a null.
  return field.type === 'record' && field.fields ? {} : undefined
}

function freeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) freeze(inner)
  return Object.freeze(value)
}

/** Lays a change over what is there: records member by member, all else replaced whole. */
export function merge(fields: Fields, current: Members, change: Members): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...current }
  for (const name of Object.keys(change)) {
    const value = getOwn(change, name)
    if (value === undefined) continue
    const field: Field | undefined = Object.hasOwn(fields, name) ? fields[name] : undefined
    setOwn(merged, name, field ? mergeField(field, getOwn(current, name), value) : value)
  }
  return merged
}

function mergeField(field: Field, before: unknown, value: unknown): unknown {
  if (field.type !== 'record' || field.fields === undefined || !isObject(before)) return value
  if (isObject(value)) return merge(field.fields, before, value)
  return Array.isArray(value) && value.length === 0 ? before : value
}

/** To Lua an empty list and an empty map are the same table; both are taken for either. */
function conform(rules: Rules, value: unknown, filling: Filling): unknown {
  switch (rules.type) {
    case 'array':
    case 'set':
      if (Array.isArray(value)) {
        const { elements } = rules
        if (elements?.type === undefined || PLAIN.has(elements.type)) return value.slice()
        return value.map((element) => conform(elements, element, filling))
      }
      return isObject(value) && Object.keys(value).length === 0 ? [] : value
    case 'map':
      if (Array.isArray(value) && value.length === 0) return {}
      return isObject(value) ? conformMap(rules.values ?? {}, value, filling) : value
    case 'record':
      if (Array.isArray(value) && value.length === 0) {
        return fill(rules.fields ?? {}, {}, { filling })
      }
      return isObject(value) && rules.fields ? fill(rules.fields, value, { filling }) : value
    case 'foreign': {
      const id = isObject(value) ? getOwn(value, 'id') : undefined
      return id === undefined ? value : { id }
    }
    default:
      return value
  }
}

/** Kinds of value that nothing is filled into. */
const PLAIN: ReadonlySet<FieldType> = new Set(['string', 'integer', 'number', 'boolean'])

function conformMap(values: Rules, map: Members, filling: Filling): unknown {
  // As sent: decK knows no records within maps, and would not come to rest if they were filled in.
  if (values.type === 'record') return map
  // fromEntries makes own properties, so a key `__proto__` stays a key.
  return Object.fromEntries(
    Object.entries(map).map(([key, item]) => [key, conform(values, item, filling)]),
  )
}

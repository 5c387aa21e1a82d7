import { isObject } from '../schema/field.ts'
import type { Members } from './content.ts'
import type { SchemaField } from './schema.ts'

/** What the files want and what the gateway shows, ready to be compared. */
export interface Sides {
  readonly wanted: Members
  readonly current: Members
}

/** Stands where nothing is compared: equal to itself, and no default is put over it. */
const LEFT_OUT = '\u0000left out'

/**
 * Takes old names out of a comparison, at any depth. One the file does not use is only an echo.
 * One it uses is held against the gateway's echo of it, and what took its place is left out on
 * both sides; with no echo the value stands for what took its place.
 */
export function settleShorthands(record: SchemaField, { wanted, current }: Sides): Sides {
  let sides: Sides = { wanted, current }
  for (const [name, paths] of record.shorthands) sides = settleOne(name, paths, sides)

  const inner: { wanted: Record<string, unknown>; current: Record<string, unknown> } = {
    wanted: { ...sides.wanted },
    current: { ...sides.current },
  }
  for (const [name, field] of record.fields) {
    if (field.type !== 'record' || !isObject(inner.current[name])) continue
    const given = inner.wanted[name]
    if (!isObject(given)) inner.current[name] = withoutShorthands(field, inner.current[name])
    else {
      const settled = settleShorthands(field, { wanted: given, current: inner.current[name] })
      inner.wanted[name] = settled.wanted
      inner.current[name] = settled.current
    }
  }
  return inner
}

/** The record without its old names, at any depth. */
export function withoutShorthands(record: SchemaField, value: Members): Members {
  const kept = Object.entries(value).filter(([name]) => !record.shorthands.has(name))
  return Object.fromEntries(
    kept.map(([name, item]) => {
      const field = record.fields.get(name)
      const isRecord = field?.type === 'record' && isObject(item)
      return [name, isRecord ? withoutShorthands(field, item) : item]
    }),
  )
}

function settleOne(name: string, paths: readonly (readonly string[])[], sides: Sides): Sides {
  const { [name]: value, ...others } = sides.wanted
  const { [name]: echo, ...shown } = sides.current
  if (value === undefined || value === null) return { wanted: others, current: shown }
  if (paths.length === 0) {
    return leaveOutAbsent(echo === undefined ? { wanted: others, current: shown } : sides)
  }

  let wanted: Members = echo === undefined ? others : sides.wanted
  let { current } = sides
  for (const path of paths) {
    if (valueAt(wanted, path) !== undefined) continue
    wanted = withValue(wanted, path, echo === undefined ? value : LEFT_OUT)
    if (echo !== undefined) current = withValue(current, path, LEFT_OUT)
  }
  return { wanted, current }
}

/** Where nobody says what took an old name's place, only what the file gives can be compared. */
function leaveOutAbsent({ wanted, current }: Sides): Sides {
  const absent = Object.keys(current).filter((name) => wanted[name] === undefined)
  const left = Object.fromEntries(absent.map((name) => [name, LEFT_OUT]))
  return { wanted: { ...wanted, ...left }, current: { ...current, ...left } }
}

function valueAt(holder: Members, [name, ...rest]: readonly string[]): unknown {
  const value = name === undefined ? holder : holder[name]
  if (rest.length === 0) return value
  return isObject(value) ? valueAt(value, rest) : undefined
}

function withValue(
  holder: Members,
  [name = '', ...rest]: readonly string[],
  value: unknown,
): Members {
  if (rest.length === 0) return { ...holder, [name]: value }
  const inner = holder[name]
  return { ...holder, [name]: withValue(isObject(inner) ? inner : {}, rest, value) }
}

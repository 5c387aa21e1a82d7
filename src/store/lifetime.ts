import type { Entity, Row } from '../schema/entity.ts'
import { entityErrors } from '../schema/entity-error.ts'
import { getOwn, isObject } from '../schema/field.ts'

/** How long a row shall live, in seconds: 0 for ever, undefined when the write does not say. */
export interface Lifetime {
  readonly input: unknown
  readonly ttl: number | undefined
}

const LONGEST = 100_000_000

/** Parts the option `ttl` from the fields of a write; throws code 11 when it is none. */
export function splitLifetime(entity: Entity, input: unknown): Lifetime {
  if (entity.ttl !== true || !isObject(input) || !Object.hasOwn(input, 'ttl')) {
    return { input, ttl: undefined }
  }
  const ttl = getOwn(input, 'ttl') ?? 0
  if (!Number.isInteger(ttl) || Number(ttl) < 0 || Number(ttl) > LONGEST) {
    const reason = `must be an integer between 0 and ${LONGEST}`
    throw entityErrors.invalidOptions({ ttl: reason })
  }
  const members = Object.entries(input).filter(([name]) => name !== 'ttl')
  // `fromEntries` defines members, so a `__proto__` that was sent stays a plain, unknown one.
  return { input: Object.fromEntries(members), ttl: Number(ttl) }
}

/** When a row ends, in ms since 1970; undefined when it does not. */
export function endOf(entity: Entity, row: Row): number | undefined {
  if (entity.ttl !== true) return undefined
  const { expires_at: end } = row
  return typeof end === 'number' ? end : undefined
}

/** The row's fields alone, without the end the store keeps beside them. */
export function withoutEnd(row: Row): Row {
  if (!Object.hasOwn(row, 'expires_at')) return row
  const { expires_at: _end, ...fields } = row
  return fields
}

/** The row with its end, as the store keeps it. */
export function withEnd(row: Row, end: number | undefined): Row {
  return end === undefined ? row : { ...row, expires_at: end }
}

/** When a row ends that is to live so long. */
export function endAfter(ttl: number, now: number): number | undefined {
  return ttl === 0 ? undefined : now + ttl * 1000
}

/** Kong: whole seconds, and as some time has always passed, a ttl of 100 shows as 99. */
export function secondsLeft(end: number, now: number): number {
  return Math.max(Math.ceil((end - now) / 1000) - 1, 0)
}

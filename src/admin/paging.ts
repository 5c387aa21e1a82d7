import { isUuid } from '../lib/uuid.ts'
import { entityErrors } from '../schema/entity-error.ts'
import { isObject } from '../schema/field.ts'
import { inferTypes } from '../schema/infer.ts'
import type { Query } from './query.ts'

/** Kong's default page, and its largest. */
export const DEFAULT_SIZE = 100
export const MAX_SIZE = 1000

/** The asked page size; throws Kong's code 9 for one that is none. */
export function sizeOf(query: Query): number {
  const text = query.single('size')
  if (text === undefined) return DEFAULT_SIZE
  const size = numberIn(text)
  if (!Number.isInteger(size) || size < 1 || size > MAX_SIZE) {
    throw entityErrors.invalidSize(`size must be an integer between 1 and ${MAX_SIZE}`)
  }
  return size
}

/** The number a size is, of any amount; throws Kong's code 9 for what is none. */
export function numberIn(size: string | true): number {
  const number = size === true ? undefined : parseNumber(size)
  if (number === undefined) throw entityErrors.invalidSize('size must be a number')
  return number
}

/** Reads a number as Lua's `tonumber` does; undefined for text that is none. */
export function parseNumber(text: string): number | undefined {
  const number = inferTypes({ number: { type: 'number' } }, { number: text })
  return isObject(number) && typeof number.number === 'number' ? number.number : undefined
}

/** Packs where a page ended, opaque to clients: base64 of a JSON array, unpadded. */
export function packOffset(position: readonly (string | number)[]): string {
  return btoa(JSON.stringify(position)).replace(/=+$/, '')
}

/** Unpacks an offset; undefined when none was asked, throws Kong's code 7 for a bad one. */
export function offsetOf(query: Query): readonly unknown[] | undefined {
  const text = query.single('offset')
  if (text === undefined) return undefined
  const offset = text === true ? '' : text
  const decoded = attempt(() => atob(offset))
  if (decoded === undefined) throw entityErrors.invalidOffset(offset, 'bad base64 encoding')
  const position = attempt(() => JSON.parse(decoded) as unknown)
  if (Array.isArray(position)) return position
  throw entityErrors.invalidOffset(offset, 'bad json encoding')
}

/** The id after which the asked page begins. */
export function afterOf(query: Query): string | undefined {
  const position = offsetOf(query)
  if (position === undefined) return undefined
  const [id] = position
  if (typeof id === 'string' && isUuid(id)) return id
  throw entityErrors.invalidOffset(String(query.single('offset')), 'bad json encoding')
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}

/** Where a list lives and what its `next` repeats. */
export interface PageLink {
  /** The path as the client typed it, in segments. */
  readonly segments: readonly string[]
  readonly query: Query
  /** Arguments `next` repeats after the offset. */
  readonly repeat: readonly string[]
}

/** Kong's list envelope. */
export function envelope(
  data: readonly unknown[],
  offset: string | undefined,
  { segments, query, repeat }: PageLink,
): Readonly<Record<string, unknown>> {
  if (offset === undefined) return { data, next: null }
  const args = [`offset=${encodeURIComponent(offset)}`]
  for (const name of repeat) {
    const value = query.first(name)
    if (typeof value === 'string') args.push(`${name}=${encodeURIComponent(value)}`)
  }
  return { data, next: `/${segments.join('/')}?${args.join('&')}`, offset }
}

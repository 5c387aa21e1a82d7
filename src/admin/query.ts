import { decodeArgument } from './percent.ts'
import { Refusal } from './reply.ts'

/** Kong reads no more arguments than these, of a query or of a form. */
export const MAX_ARGUMENTS = 1000
/** Empty pieces do not count, but are not walked without end. */
const MAX_PIECES = 100_000

/** One argument; `true` is one without `=`. */
export type Argument = readonly [key: string, value: string | true]

/** What stands for a value of these that is no UTF-8; whoever asks for them refuses it as text. */
type Spared = ReadonlyMap<string, string>

/** Splits and decodes `a=1&b=2`. Refuses too many arguments, and bytes that are no UTF-8. */
export function parseArguments(text: string, spared: Spared = new Map()): Argument[] {
  const found: Argument[] = []
  let pieces = 0
  for (let at = 0; at <= text.length; ) {
    if (++pieces > MAX_PIECES) throw tooMany()
    const end = text.indexOf('&', at)
    const stop = end === -1 ? text.length : end
    if (stop > at) {
      if (found.length === MAX_ARGUMENTS) throw tooMany()
      found.push(parseArgument(text.slice(at, stop), spared))
    }
    at = stop + 1
  }
  return found.filter(([key]) => key !== '')
}

/** The refusal of more arguments than Kong reads. */
export function tooMany(): Refusal {
  return new Refusal(400, 'Too many arguments')
}

function parseArgument(text: string, spared: Spared): Argument {
  const equals = text.indexOf('=')
  const key = decodeArgument(equals === -1 ? text : text.slice(0, equals))
  const decoded = equals === -1 ? true : decodeArgument(text.slice(equals + 1))
  const value = decoded ?? spared.get(key ?? '')
  if (key === undefined || value === undefined) {
    throw new Refusal(400, 'Cannot parse arguments: invalid UTF-8')
  }
  return [key, value]
}

/** A query's arguments by name. */
export interface Query {
  /** The only value; undefined when absent, `true` when bare or repeated. */
  single(name: string): string | true | undefined
  /** The first value of `name` or `name[]`. */
  first(name: string): string | true | undefined
  readonly all: readonly Argument[]
}

/** Kong refuses a filter by such a tag as a filter, and ignores one where nothing is filtered. */
const SPARED: Spared = new Map([['tags', '\0']])

/** Reads the query of a URL (`?` or empty included). */
export function parseQuery(search: string): Query {
  const all = parseArguments(search.startsWith('?') ? search.slice(1) : search, SPARED)
  return {
    all,
    single(name) {
      const values = all.filter(([key]) => key === name)
      return values.length > 1 ? true : values[0]?.[1]
    },
    first: (name) => all.find(([key]) => key === name || key === `${name}[]`)?.[1],
  }
}

import type { FieldStore } from './changes.ts'

/** Arguments of a query or a form: values by name, one without `=` is `true`. */
export type Args = Map<string, (string | true)[]>

/** Puts values of one name together. */
export function argsOf(pairs: Iterable<readonly [name: string, value: string | true]>): Args {
  const args: Args = new Map()
  for (const [name, value] of pairs) {
    const values = args.get(name)
    if (values === undefined) args.set(name, [value])
    else values.push(value)
  }
  return args
}

/** Reads a form; a broken escape is the bytes it stands for. */
export function readArgs(text: string): Args {
  const pairs = text.split('&').filter((pair) => pair !== '')
  return argsOf(
    pairs.map((pair): readonly [string, string | true] => {
      const equals = pair.indexOf('=')
      if (equals < 0) return [decode(pair), true]
      return [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))]
    }),
  )
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
  }
}

/** Arguments as fields. */
export function argFields(args: Args): FieldStore {
  return {
    has: (name) => args.has(name),
    remove: (name) => void args.delete(name),
    rename(from, to) {
      if (from === to) return false
      args.set(to, args.get(from) ?? [])
      args.delete(from)
      return true
    },
    set: (name, value) => void args.set(name, [value]),
    append(name, value) {
      const before = args.get(name) ?? []
      // Kong: one argument without a value makes way.
      args.set(name, before.length === 1 && before[0] === true ? [value] : [...before, value])
    },
  }
}

/** Writes arguments, percent-encoded, as they come. */
export function writeArgs(args: Iterable<readonly [string, readonly (string | true)[]]>): string {
  const pairs: string[] = []
  for (const [name, values] of args) {
    const encoded = encode(name)
    for (const value of values) pairs.push(value === true ? encoded : `${encoded}=${encode(value)}`)
  }
  return pairs.join('&')
}

/** Kong: sorted by name. */
export function writeQuery(args: Args): string {
  return writeArgs([...args].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

function encode(text: string): string {
  return encodeURIComponent(text.replace(LONE_SURROGATE, '\uFFFD'))
}

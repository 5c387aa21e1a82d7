import { accept, type Flags, fail, type Reader, take } from './reader.ts'
import type { Node } from './syntax.ts'

/** How a group begins: what its body becomes, or that it has none. */
export type Opening =
  | {
      readonly kind: 'body'
      readonly flags?: Flags
      close(body: Node): Node
    }
  | { readonly kind: 'flags'; readonly flags: Flags }
  | { readonly kind: 'reference'; readonly node: Node }

/** Reads `(` and what says which kind of group it is. */
export function openGroup(reader: Reader): Opening {
  const start = reader.at
  reader.at++
  if (accept(reader, '*')) fail(reader, 'verbs are not supported', start)
  if (!accept(reader, '?')) return capture(++reader.groups)

  const name = take(reader, /P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)'/y)
  if (name !== undefined) return named(reader, name[1] ?? name[2] ?? '', start)
  const plain = openPlain(reader)
  if (plain !== undefined) return plain

  const reference = take(reader, /P=([A-Za-z_]\w*)\)/y)
  if (reference !== undefined) {
    return { kind: 'reference', node: referenceTo(reader, reference[1] ?? '', start) }
  }
  const flags = take(reader, /(\^?[imsx]*)(?:-([imsx]*))?([:)])/y)
  if (flags === undefined) return fail(reader, 'unrecognized or unsupported group (?', start)
  const [, on = '', off = '', end] = flags
  const changed = changeFlags(reader.flags, on, off)
  return end === ')'
    ? { kind: 'flags', flags: changed }
    : { kind: 'body', flags: changed, close: (body) => body }
}

function openPlain(reader: Reader): Opening | undefined {
  if (accept(reader, ':')) return { kind: 'body', close: (body) => body }
  if (accept(reader, '>')) return { kind: 'body', close: (body) => ({ kind: 'atomic', body }) }
  const look = take(reader, /(<?)([=!])/y)
  if (look === undefined) return undefined
  const behind = look[1] === '<'
  const negative = look[2] === '!'
  return { kind: 'body', close: (body) => ({ kind: 'look', behind, negative, body }) }
}

function capture(number: number): Opening {
  return { kind: 'body', close: (body) => ({ kind: 'group', number, body }) }
}

function named(reader: Reader, name: string, at: number): Opening {
  if (reader.names.has(name)) fail(reader, 'two named subpatterns have the same name', at)
  reader.groups++
  reader.names.set(name, reader.groups)
  return capture(reader.groups)
}

function changeFlags(flags: Flags, on: string, off: string): Flags {
  const before = on.startsWith('^') ? { i: false, m: false, s: false, x: false } : flags
  const isSet = (flag: keyof Flags) => {
    if (off.includes(flag)) return false
    return on.includes(flag) || before[flag]
  }
  return { i: isSet('i'), m: isSet('m'), s: isSet('s'), x: isSet('x') }
}

/** A reference to a group by its name or number; whether there is one is known at the end. */
export function referenceTo(reader: Reader, to: string, at: number): Node {
  const ignoreCase = reader.flags.i
  const number = /^-?\d+$/.test(to) ? Number(to) : undefined
  if (number === undefined) {
    reader.references.push({ to, at })
    // Kong's patterns are written with the group before its reference, as all but a few are.
    const group = reader.names.get(to)
    if (group === undefined) return fail(reader, 'reference to non-existent subpattern', at)
    return { kind: 'reference', group, ignoreCase }
  }
  const group = number < 0 ? reader.groups + 1 + number : number
  if (group < 1) return fail(reader, 'reference to non-existent subpattern', at)
  reader.references.push({ to: group, at })
  return { kind: 'reference', group, ignoreCase }
}

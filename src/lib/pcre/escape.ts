import { CONTROLS, charOf, foldedOf, KINDS, PLACES } from './chars.ts'
import { referenceTo } from './group.ts'
import { fail, peek, type Reader, take } from './reader.ts'
import type { CharTest, Node } from './syntax.ts'

/** Reads an escape outside of brackets. */
export function readEscape(reader: Reader): Node {
  const at = reader.at
  const reference = take(
    reader,
    /\\(?:([1-9]\d?)|g(-?\d+)|g\{(-?\w+)\}|k(?:<(\w+)>|'(\w+)'|\{(\w+)\}))/y,
  )
  if (reference !== undefined) {
    const to = reference.slice(1).find((part) => part !== undefined) ?? ''
    return referenceTo(reader, to, at)
  }
  const place = PLACES.get(reader.source[at + 1] ?? '')
  if (place !== undefined) {
    reader.at += 2
    return { kind: 'place', test: place }
  }
  const test = readCharEscape(reader)
  return { kind: 'char', test: reader.flags.i ? foldedOf(test) : test }
}

/** Reads an escape that stands for chars, as inside of brackets too. */
export function readCharEscape(reader: Reader): CharTest {
  const start = reader.at
  reader.at++
  const kind = KINDS.get(peek(reader))
  if (kind !== undefined) {
    reader.at++
    return kind
  }
  reader.at = start
  return charOf(readCharCode(reader))
}

/** Reads an escape that stands for one char. */
export function readCharCode(reader: Reader): number {
  const start = reader.at
  const hex = take(reader, /\\x(?:\{([0-9A-Fa-f]{1,4})\}|([0-9A-Fa-f]{0,2}))/y)
  if (hex !== undefined) return Number.parseInt(`0${hex[1] ?? hex[2] ?? ''}`, 16)

  reader.at++
  const char = peek(reader)
  if (char === '') fail(reader, '\\ at end of pattern', start)
  reader.at++
  const control = CONTROLS.get(char)
  if (control !== undefined) return control
  if (/[A-Za-z0-9]/.test(char)) fail(reader, `unsupported escape \\${char}`, start)
  return char.charCodeAt(0)
}

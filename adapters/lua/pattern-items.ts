import { LuaFault } from '../../src/pdk/lua-engine.ts'

/** Where an item of a pattern stands: a char, a `%` class or a set. */
export interface Item {
  readonly place: number
  /** Behind its last char. */
  readonly after: number
}

/** The place behind the item that starts at `place`. */
export function closingOf(pattern: string, place: number): number {
  if (pattern[place] === '%') {
    if (place + 1 >= pattern.length) throw new LuaFault("malformed pattern (ends with '%')")
    return place + 2
  }
  return pattern[place] === '[' ? closingOfSet(pattern, place) : place + 1
}

function closingOfSet(pattern: string, place: number): number {
  let at = place + 1
  if (pattern[at] === '^') at++
  // A bracket that stands first is a member.
  do {
    if (at >= pattern.length) throw new LuaFault("malformed pattern (missing ']')")
    at += pattern[at] === '%' ? 2 : 1
  } while (pattern[at] !== ']')
  return at + 1
}

/** Whether an item takes this byte. */
export function matchesOne(byte: number, pattern: string, { place, after }: Item): boolean {
  const char = pattern[place]
  if (char === '.') return true
  if (char === '%') return isInClass(byte, pattern.charCodeAt(place + 1))
  if (char === '[') return isInSet(byte, pattern.slice(place + 1, after - 1))
  return pattern.charCodeAt(place) === byte
}

function isInSet(byte: number, set: string): boolean {
  const negated = set.startsWith('^')
  for (let at = negated ? 1 : 0; at < set.length; at++) {
    if (set[at] === '%') {
      at++
      if (isInClass(byte, set.charCodeAt(at))) return !negated
    } else if (set[at + 1] === '-' && at + 2 < set.length) {
      if (set.charCodeAt(at) <= byte && byte <= set.charCodeAt(at + 2)) return !negated
      at += 2
    } else if (set.charCodeAt(at) === byte) return !negated
  }
  return negated
}

const CLASSES: Readonly<Record<string, (byte: number) => boolean>> = {
  a: isLetter,
  c: (byte) => byte < 0x20 || byte === 0x7f,
  d: isDigit,
  g: (byte) => byte > 0x20 && byte < 0x7f,
  l: (byte) => byte >= 0x61 && byte <= 0x7a,
  p: (byte) => byte > 0x20 && byte < 0x7f && !isDigit(byte) && !isLetter(byte),
  s: (byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d),
  u: (byte) => byte >= 0x41 && byte <= 0x5a,
  w: (byte) => isDigit(byte) || isLetter(byte),
  x: (byte) => isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66),
  z: (byte) => byte === 0,
}

function isInClass(byte: number, letter: number): boolean {
  if (!isLetter(letter)) return byte === letter
  const lower = String.fromCharCode(letter | 0x20)
  const isIn = CLASSES[lower]
  if (isIn === undefined) return byte === letter
  const isNegated = (letter & 0x20) === 0
  return isIn(byte) !== isNegated
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function isLetter(byte: number): boolean {
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x7a
}

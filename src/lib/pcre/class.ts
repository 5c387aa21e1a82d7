import { anyOf, charOf, KINDS, notOf, POSIX, rangeOf } from './chars.ts'
import { readCharCode, readCharEscape } from './escape.ts'
import { accept, fail, peek, type Reader, take } from './reader.ts'
import type { CharTest } from './syntax.ts'

const BACKSPACE = 0x08

/** Reads a class after its `[`. */
export function readClass(reader: Reader): CharTest {
  const negative = accept(reader, '^')
  const tests: CharTest[] = []
  // A bracket in the first place is a char.
  if (accept(reader, ']')) tests.push(rangeOrChar(reader, 0x5d))
  while (!accept(reader, ']')) {
    if (reader.at >= reader.source.length) {
      fail(reader, 'missing terminating ] for character class')
    }
    tests.push(readMember(reader))
  }
  const test = anyOf(tests)
  return negative ? notOf(test) : test
}

function readMember(reader: Reader): CharTest {
  const posix = take(reader, /\[:(\^?)(\w+):\]/y)
  if (posix !== undefined) {
    const test = POSIX.get(posix[2] ?? '')
    if (test === undefined) return fail(reader, 'unknown POSIX class name')
    return posix[1] === '^' ? notOf(test) : test
  }
  if (peek(reader) === '\\' && KINDS.has(reader.source[reader.at + 1] ?? '')) {
    return readCharEscape(reader)
  }
  return rangeOrChar(reader, readCode(reader))
}

function rangeOrChar(reader: Reader, from: number): CharTest {
  // A dash in the last place, or before a kind of chars, is a char.
  if (!/^-(?!\]|\\[dDwWsShHvVN]|\[:)/.test(reader.source.slice(reader.at, reader.at + 3))) {
    return charOf(from)
  }
  const at = reader.at++
  const to = readCode(reader)
  if (to < from) fail(reader, 'range out of order in character class', at)
  return rangeOf(from, to)
}

function readCode(reader: Reader): number {
  if (accept(reader, '\\b')) return BACKSPACE
  if (peek(reader) === '\\') return readCharCode(reader)
  const code = reader.source.charCodeAt(reader.at)
  if (Number.isNaN(code)) fail(reader, 'missing terminating ] for character class')
  reader.at++
  return code
}

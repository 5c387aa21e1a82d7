import type { CharTest, PlaceTest } from './syntax.ts'

/** One char alone. */
export function charOf(code: number): CharTest {
  return (given) => given === code
}

/** Chars from one to another. */
export function rangeOf(from: number, to: number): CharTest {
  return (code) => code >= from && code <= to
}

/** All but those meant. */
export function notOf(test: CharTest): CharTest {
  return (code) => !test(code)
}

/** Chars that any of the tests means. */
export function anyOf(tests: readonly CharTest[]): CharTest {
  return (code) => tests.some((test) => test(code))
}

/** The same chars in either letter case. */
export function foldedOf(test: CharTest): CharTest {
  return (code) => {
    if (test(code)) return true
    const char = String.fromCharCode(code)
    return test(char.toLowerCase().charCodeAt(0)) || test(char.toUpperCase().charCodeAt(0))
  }
}

const digit = rangeOf(0x30, 0x39)
const upper = rangeOf(0x41, 0x5a)
const lower = rangeOf(0x61, 0x7a)
const letter = anyOf([upper, lower])
const word = anyOf([letter, digit, charOf(0x5f)])
const space = anyOf([rangeOf(0x09, 0x0d), charOf(0x20)])
const blank = anyOf([charOf(0x09), charOf(0x20)])
const graph = rangeOf(0x21, 0x7e)
const horizontal = anyOf([blank, charOf(0xa0)])
const vertical = anyOf([rangeOf(0x0a, 0x0d), charOf(0x85)])

/** The dot: all but a line feed. */
export const notLineFeed: CharTest = (code) => code !== LINE_FEED

/** The dot where it takes a line feed too. */
export const everything: CharTest = () => true

const LINE_FEED = 0x0a

/** What an escape of one letter stands for: a kind of chars. */
export const KINDS: ReadonlyMap<string, CharTest> = new Map([
  ['d', digit],
  ['D', notOf(digit)],
  ['w', word],
  ['W', notOf(word)],
  ['s', space],
  ['S', notOf(space)],
  ['h', horizontal],
  ['H', notOf(horizontal)],
  ['v', vertical],
  ['V', notOf(vertical)],
  ['N', notLineFeed],
])

/** What an escape of one letter stands for: a char. */
export const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['a', 0x07],
  ['e', 0x1b],
  ['f', 0x0c],
  ['n', 0x0a],
  ['r', 0x0d],
  ['t', 0x09],
  ['0', 0x00],
])

/** The classes of POSIX, `[:alpha:]` inside brackets. */
export const POSIX: ReadonlyMap<string, CharTest> = new Map([
  ['alpha', letter],
  ['digit', digit],
  ['alnum', anyOf([letter, digit])],
  ['upper', upper],
  ['lower', lower],
  ['space', space],
  ['blank', blank],
  ['punct', (code) => graph(code) && !letter(code) && !digit(code)],
  ['graph', graph],
  ['print', rangeOf(0x20, 0x7e)],
  ['cntrl', anyOf([rangeOf(0, 0x1f), charOf(0x7f)])],
  ['xdigit', anyOf([digit, rangeOf(0x41, 0x46), rangeOf(0x61, 0x66)])],
  ['word', word],
  ['ascii', rangeOf(0, 0x7f)],
])

const isStart: PlaceTest = (_, at) => at === 0
const isEnd: PlaceTest = (text, at) => at === text.length
const isLastEnd: PlaceTest = (text, at) =>
  at === text.length || (at === text.length - 1 && text.charCodeAt(at) === LINE_FEED)
const isBoundary: PlaceTest = (text, at) =>
  (at > 0 && word(text.charCodeAt(at - 1))) !== (at < text.length && word(text.charCodeAt(at)))

/** What an escape of one letter stands for: a place between chars. */
export const PLACES: ReadonlyMap<string, PlaceTest> = new Map([
  ['A', isStart],
  ['z', isEnd],
  ['Z', isLastEnd],
  ['b', isBoundary],
  ['B', (text, at) => !isBoundary(text, at)],
])

/** `^`: the start, or that of any line. */
export function startOf(multiline: boolean): PlaceTest {
  if (!multiline) return isStart
  return (text, at) => at === 0 || text.charCodeAt(at - 1) === LINE_FEED
}

/** `$`: the end, or that of any line. PCRE's own also holds before a last line feed: no path needs it. */
export function endOf(multiline: boolean): PlaceTest {
  if (!multiline) return isEnd
  return (text, at) => at === text.length || text.charCodeAt(at) === LINE_FEED
}

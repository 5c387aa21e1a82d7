import { charOf, endOf, everything, foldedOf, notLineFeed, startOf } from './chars.ts'
import { readClass } from './class.ts'
import { readEscape } from './escape.ts'
import { openGroup } from './group.ts'
import { accept, fail, peek, type Reader, readerOf, take } from './reader.ts'
import type { CharTest, Greed, Node, Pattern } from './syntax.ts'

const MOST_NESTED = 100
const MOST_REPEATS = 1000

/** Takes a PCRE pattern apart; throws a PcreError for what is none, or is not supported. */
export function parsePcre(source: string): Pattern {
  const reader = readerOf(source)
  const root = readChoice(reader)
  if (reader.at < source.length) fail(reader, 'unmatched closing parenthesis')
  for (const { to, at } of reader.references) {
    const isThere = typeof to === 'number' ? to <= reader.groups : reader.names.has(to)
    if (!isThere) fail(reader, 'reference to non-existent subpattern', at)
  }
  return { root, groups: reader.groups, names: reader.names }
}

function readChoice(reader: Reader): Node {
  const { flags } = reader
  const options = [readSequence(reader)]
  while (accept(reader, '|')) options.push(readSequence(reader))
  // Flags set inside a group end with it.
  reader.flags = flags
  const [only] = options
  return options.length === 1 && only !== undefined ? only : { kind: 'choice', options }
}

function readSequence(reader: Reader): Node {
  const items: Node[] = []
  while (reader.at < reader.source.length && peek(reader) !== '|' && peek(reader) !== ')') {
    if (skipIgnored(reader)) continue
    const quoted = take(reader, /\\Q(.*?)(?:\\E|$)/sy)
    if (quoted !== undefined) {
      items.push(...Array.from(quoted[1] ?? '', (char) => literal(reader, char)))
      continue
    }
    const atom = readAtom(reader)
    if (atom !== undefined) items.push(readRepeats(reader, atom))
  }
  const [only] = items
  return items.length === 1 && only !== undefined ? only : { kind: 'sequence', items }
}

/** Comments, and with `x` white space. */
function skipIgnored(reader: Reader): boolean {
  if (accept(reader, '\\E')) return true
  if (take(reader, /\(\?#[^)]*\)/y) !== undefined) return true
  return reader.flags.x && take(reader, /\s+|#[^\n]*/y) !== undefined
}

/** Undefined for what only sets flags. */
function readAtom(reader: Reader): Node | undefined {
  const { flags, at } = reader
  const char = peek(reader)
  if (char === '(') return readGroup(reader)
  if (char === '\\') return readEscape(reader)
  if (/[*+?]/.test(char) || take(reader, /\{\d+(?:,\d*)?\}/y) !== undefined) {
    fail(reader, 'quantifier does not follow a repeatable item', at)
  }
  reader.at++
  if (char === '[') return charNode(reader, readClass(reader))
  if (char === '.') return { kind: 'char', test: flags.s ? everything : notLineFeed }
  if (char === '^') return { kind: 'place', test: startOf(flags.m) }
  if (char === '$') return { kind: 'place', test: endOf(flags.m) }
  return literal(reader, char)
}

function readGroup(reader: Reader): Node | undefined {
  const opening = openGroup(reader)
  if (opening.kind === 'flags') {
    reader.flags = opening.flags
    return undefined
  }
  if (opening.kind === 'reference') return opening.node

  const outer = reader.flags
  if (opening.flags !== undefined) reader.flags = opening.flags
  if (++reader.depth > MOST_NESTED) fail(reader, 'parentheses are too deeply nested')
  const body = readChoice(reader)
  reader.depth--
  reader.flags = outer
  if (!accept(reader, ')')) fail(reader, 'missing closing parenthesis')
  return opening.close(body)
}

function literal(reader: Reader, char: string): Node {
  return charNode(reader, charOf(char.charCodeAt(0)))
}

function charNode({ flags }: Reader, test: CharTest): Node {
  return { kind: 'char', test: flags.i ? foldedOf(test) : test }
}

const REPEAT = /([*+?]|\{(\d{1,5})(,?)(\d{0,5})\})([?+]?)/y

/** All that repeats an atom: PCRE lets a repetition be repeated only in parentheses. */
function readRepeats(reader: Reader, atom: Node): Node {
  while (skipIgnored(reader));
  const at = reader.at
  const found = take(reader, REPEAT)
  if (found === undefined) return atom
  const [, sign = '', least = '', comma = '', most = '', mode = ''] = found
  const min = sign === '+' ? 1 : Number(least)
  const max = maxOf(sign, { min, comma, most })
  if (min > MOST_REPEATS || (max !== Number.POSITIVE_INFINITY && max > MOST_REPEATS)) {
    fail(reader, 'number too big in {} quantifier', at)
  }
  if (max < min) fail(reader, 'numbers out of order in {} quantifier', at)
  if (/[*+?]/.test(peek(reader))) {
    fail(reader, 'quantifier does not follow a repeatable item')
  }
  return { kind: 'repeat', body: atom, min, max, greed: greedOf(mode) }
}

function maxOf(
  sign: string,
  { min, comma, most }: { readonly min: number; readonly comma: string; readonly most: string },
): number {
  if (sign === '?') return 1
  if (sign === '*' || sign === '+') return Number.POSITIVE_INFINITY
  if (most !== '') return Number(most)
  return comma === '' ? min : Number.POSITIVE_INFINITY
}

function greedOf(mode: string): Greed {
  if (mode === '') return 'greedy'
  return mode === '?' ? 'lazy' : 'possessive'
}

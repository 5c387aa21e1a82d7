import { type Cursor, createCursor, unexpected } from './cursor.ts'
import {
  and,
  COMPARISONS,
  compare,
  constant,
  type Evaluate,
  failing,
  join,
  length,
  member,
  negative,
  not,
  or,
  PRODUCTS,
  reckon,
  SUMS,
  typeName,
} from './evaluate.ts'
import type { Token } from './tokens.ts'

/** Lua's words, none of which names anything. */
const KEYWORDS: ReadonlySet<string> = new Set([
  ...['and', 'break', 'do', 'else', 'elseif', 'end', 'false', 'for', 'function', 'goto', 'if'],
  ...['in', 'local', 'nil', 'not', 'or', 'repeat', 'return', 'then', 'true', 'until', 'while'],
])

/** Parses an expression, its words ended by one of the kind `end`. `names` are what it may look at. */
export function parseExpression(tokens: readonly Token[], names: ReadonlySet<string>): Evaluate {
  const cursor = createCursor(tokens, names)
  const evaluate = parseWhole(cursor)
  const rest = cursor.next()
  if (rest.kind !== 'end') throw unexpected(rest)
  return evaluate
}

/** As in Lua `or` binds least, then `and`, comparisons, `..`, sums, products, `not`, powers, members. */
function parseWhole(cursor: Cursor): Evaluate {
  return cursor.inside(() => {
    let left = parseBoth(cursor)
    while (cursor.accept('or') !== undefined) left = or(left, parseBoth(cursor))
    return left
  })
}

function parseBoth(cursor: Cursor): Evaluate {
  let left = parseCompared(cursor)
  while (cursor.accept('and') !== undefined) left = and(left, parseCompared(cursor))
  return left
}

function parseCompared(cursor: Cursor): Evaluate {
  let left = parseJoined(cursor)
  for (;;) {
    const sign = cursor.accept(...COMPARISONS)
    if (sign === undefined) return left
    left = compare(left, sign, parseJoined(cursor))
  }
}

function parseJoined(cursor: Cursor): Evaluate {
  let left = parseReckoned(cursor, SUMS, parseProduct)
  while (cursor.accept('..') !== undefined) {
    left = join(left, parseReckoned(cursor, SUMS, parseProduct))
  }
  return left
}

function parseProduct(cursor: Cursor): Evaluate {
  return parseReckoned(cursor, PRODUCTS, parseUnary)
}

function parseReckoned(
  cursor: Cursor,
  signs: readonly string[],
  parse: (cursor: Cursor) => Evaluate,
): Evaluate {
  let left = parse(cursor)
  for (;;) {
    const sign = cursor.accept(...signs)
    if (sign === undefined) return left
    left = reckon(left, sign, parse(cursor))
  }
}

function parseUnary(cursor: Cursor): Evaluate {
  const sign = cursor.accept('not', '-', '#')
  if (sign === undefined) return parsePower(cursor)
  const inner = cursor.inside(() => parseUnary(cursor))
  if (sign === 'not') return not(inner)
  return sign === '-' ? negative(inner) : length(inner)
}

function parsePower(cursor: Cursor): Evaluate {
  const base = parseMember(cursor)
  if (cursor.accept('^') === undefined) return base
  return reckon(
    base,
    '^',
    cursor.inside(() => parseUnary(cursor)),
  )
}

function parseMember(cursor: Cursor): Evaluate {
  const first = cursor.peek()
  let of = parsePrimary(cursor)
  let missing = isMissing(cursor, first) ? first.text : undefined
  for (;;) {
    const sign = cursor.accept('.', '[', '(', ':')
    if (sign === undefined) return of
    of = parseNext(cursor, { of, sign, missing })
    missing = undefined
  }
}

/** Kong: what is no name of a template is nil, and fails where it is called or looked into. */
function isMissing({ names }: Cursor, { kind, text }: Token): boolean {
  return kind === 'name' && text !== 'type' && !KEYWORDS.has(text) && !names.has(text)
}

function parseNext(
  cursor: Cursor,
  {
    of,
    sign,
    missing,
  }: { readonly of: Evaluate; readonly sign: string; readonly missing: string | undefined },
): Evaluate {
  const what = missing === undefined ? 'a value' : `global '${missing}' (a nil value)`
  if (sign === '(' || sign === ':') {
    if (sign === ':') {
      parseName(cursor)
      cursor.expect('(')
    }
    parseArguments(cursor)
    return failing(`attempt to call ${what}`, of)
  }
  const key = sign === '.' ? parseName(cursor) : parseUntil(cursor, ']')
  return missing === undefined ? member(of, key) : failing(`attempt to index ${what}`)
}

function parseArguments(cursor: Cursor): void {
  if (cursor.accept(')') !== undefined) return
  do parseWhole(cursor)
  while (cursor.accept(',') !== undefined)
  cursor.expect(')')
}

function parseName(cursor: Cursor): Evaluate {
  const token = cursor.next()
  if (token.kind !== 'name' || KEYWORDS.has(token.text)) throw unexpected(token)
  return constant(token.text)
}

function parseUntil(cursor: Cursor, closing: string): Evaluate {
  const inner = parseWhole(cursor)
  cursor.expect(closing)
  return inner
}

function parsePrimary(cursor: Cursor): Evaluate {
  const token = cursor.next()
  const { kind, text } = token
  if (kind === 'string') return constant(text)
  if (kind === 'number') return constant(Number(text))
  if (kind === 'sign' && text === '(') return parseUntil(cursor, ')')
  if (kind !== 'name') throw unexpected(token)
  if (text === 'true' || text === 'false') return constant(text === 'true')
  if (text === 'nil') return constant(undefined)
  if (text === 'type') return parseTypeName(cursor)
  if (cursor.names.has(text)) return (scope) => scope.get(text)
  if (KEYWORDS.has(text)) throw unexpected(token)
  return constant(undefined)
}

function parseTypeName(cursor: Cursor): Evaluate {
  cursor.expect('(')
  return typeName(parseUntil(cursor, ')'))
}

import { type Cursor, createCursor, unexpected } from './cursor.ts'
import {
  and,
  COMPARISONS,
  compare,
  constant,
  type Evaluate,
  join,
  member,
  not,
  or,
  typeName,
} from './evaluate.ts'
import { TemplateError, type Token } from './tokens.ts'

const KEYWORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'true', 'false', 'nil'])

/** Parses an expression, its words ended by one of the kind `end`. `names` are what it may look at. */
export function parseExpression(tokens: readonly Token[], names: ReadonlySet<string>): Evaluate {
  const cursor = createCursor(tokens, names)
  const evaluate = parseWhole(cursor)
  const rest = cursor.next()
  if (rest.kind !== 'end') throw unexpected(rest)
  return evaluate
}

/** As in Lua `or` binds least, then `and`, comparisons, `..`, `not`, members. */
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
  let left = parseNegated(cursor)
  while (cursor.accept('..') !== undefined) left = join(left, parseNegated(cursor))
  return left
}

function parseNegated(cursor: Cursor): Evaluate {
  if (cursor.accept('not') === undefined) return parseMember(cursor)
  return not(cursor.inside(() => parseNegated(cursor)))
}

function parseMember(cursor: Cursor): Evaluate {
  let of = parsePrimary(cursor)
  for (;;) {
    const sign = cursor.accept('.', '[')
    if (sign === undefined) return of
    of = member(of, sign === '.' ? parseName(cursor) : parseUntil(cursor, ']'))
  }
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
  throw new TemplateError(`unknown name '${text}'`, token.at)
}

function parseTypeName(cursor: Cursor): Evaluate {
  cursor.expect('(')
  return typeName(parseUntil(cursor, ')'))
}

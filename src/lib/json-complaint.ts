/** What is wrong with a text that is no JSON, as lua-cjson says it; each char of it is a byte. */
export function jsonComplaint(text: string): string {
  try {
    const reader = { text, position: 0 }
    readValue(reader, nextToken(reader), 1)
    expect(nextToken(reader), 'T_END', 'the end')
  } catch (error) {
    if (error instanceof Complaint) return error.message
    throw error
  }
  // Not all that it takes is JSON: NaN, and control characters in a text.
  return complaintOf('value', 'invalid token', 0)
}

class Complaint extends Error {}

interface Reader {
  readonly text: string
  position: number
}

interface Token {
  /** Its type, or what is wrong with it. */
  readonly type: string
  readonly at: number
}

function complaintOf(expected: string, found: string, at: number): string {
  return `Expected ${expected} but found ${found} at character ${at + 1}`
}

function expect({ type, at }: Token, wanted: string, name: string): void {
  if (type !== wanted) throw new Complaint(complaintOf(name, type, at))
}

const DEEPEST = 1000
const SCALARS = new Set(['T_STRING', 'T_NUMBER', 'T_BOOLEAN', 'T_NULL'])

function readValue(reader: Reader, token: Token, depth: number): void {
  const { type, at } = token
  if (SCALARS.has(type)) return
  const nested =
    type === 'T_OBJ_BEGIN' ? readObject : type === 'T_ARR_BEGIN' ? readArray : undefined
  if (nested === undefined) throw new Complaint(complaintOf('value', type, at))
  if (depth > DEEPEST) {
    const where = `at character ${reader.position}`
    throw new Complaint(`Found too many nested data structures (${depth}) ${where}`)
  }
  nested(reader, depth)
}

function readObject(reader: Reader, depth: number): void {
  let token = nextToken(reader)
  if (token.type === 'T_OBJ_END') return
  for (;;) {
    expect(token, 'T_STRING', 'object key string')
    expect(nextToken(reader), 'T_COLON', 'colon')
    readValue(reader, nextToken(reader), depth + 1)
    token = nextToken(reader)
    if (token.type === 'T_OBJ_END') return
    expect(token, 'T_COMMA', 'comma or object end')
    token = nextToken(reader)
  }
}

function readArray(reader: Reader, depth: number): void {
  let token = nextToken(reader)
  if (token.type === 'T_ARR_END') return
  for (;;) {
    readValue(reader, token, depth + 1)
    token = nextToken(reader)
    if (token.type === 'T_ARR_END') return
    expect(token, 'T_COMMA', 'comma or array end')
    token = nextToken(reader)
  }
}

const SIGNS: Readonly<Record<string, string>> = {
  '{': 'T_OBJ_BEGIN',
  '}': 'T_OBJ_END',
  '[': 'T_ARR_BEGIN',
  ']': 'T_ARR_END',
  ':': 'T_COLON',
  ',': 'T_COMMA',
}
const WORD = /true|false|null/y
const NUMBER = /-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?/y
const SPACE = /[ \t\r\n]*/y

function nextToken(reader: Reader): Token {
  taken(reader, SPACE)
  const at = reader.position
  const first = reader.text[at]
  if (first === undefined) return { type: 'T_END', at }
  const sign = SIGNS[first]
  if (sign !== undefined) {
    reader.position++
    return { type: sign, at }
  }
  if (first === '"') return textToken(reader)
  if (/[-\d]/.test(first)) {
    return { type: taken(reader, NUMBER) === undefined ? 'invalid number' : 'T_NUMBER', at }
  }
  const word = taken(reader, WORD)
  if (word === undefined) return { type: 'invalid token', at }
  return { type: word === 'null' ? 'T_NULL' : 'T_BOOLEAN', at }
}

function taken(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.position
  const [found] = pattern.exec(reader.text) ?? []
  reader.position += found?.length ?? 0
  return found
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y

function textToken(reader: Reader): Token {
  const at = reader.position++
  for (;;) {
    const char = reader.text[reader.position]
    if (char === undefined) return { type: 'unexpected end of string', at: reader.position }
    if (char === '"') {
      reader.position++
      return { type: 'T_STRING', at }
    }
    if (char !== '\\') reader.position++
    else if (taken(reader, ESCAPE) === undefined) {
      const unicode = reader.text[reader.position + 1] === 'u' ? 'unicode ' : ''
      return { type: `invalid ${unicode}escape code`, at: reader.position }
    }
  }
}

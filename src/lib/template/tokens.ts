/** A template that cannot be read; the message says what and where. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'

  constructor(what: string, at: number) {
    super(`${what} at position ${at + 1}`)
  }
}

/** A template that fails for one request, as Lua fails: a call of what is no function, a sum of texts. */
export class TemplateFault extends Error {
  override readonly name = 'TemplateFault'
}

/** A word of an expression. */
export interface Token {
  readonly kind: 'name' | 'string' | 'number' | 'sign' | 'end'
  /** What it says, a string without its quotes. */
  readonly text: string
  /** Where it is in the template. */
  readonly at: number
}

const BLANK = /[ \t\r\n]+/y
const NAME = /[A-Za-z_]\w*/y
const NUMBER = /\d+(?:\.\d+)?/y
const SIGN = /\.\.(?!\.)|==|~=|<=|>=|[<>().[\]+\-*/%^#,:]/y
const QUOTE = /["']/y

const MOST = 1000

/** Reads the words from behind a `$(` to its end; `end` is where the text goes on. */
export function readTokens(source: string, from: number): { tokens: Token[]; end: number } {
  const tokens: Token[] = []
  let depth = 0
  for (let at = skip(source, from); ; at = skip(source, at)) {
    const token = readToken(source, at)
    if (token === undefined) throw unexpected(source, at, from)
    if (token.kind === 'sign' && token.text === '(') depth++
    if (token.kind === 'sign' && token.text === ')' && depth-- === 0) {
      tokens.push({ kind: 'end', text: ')', at })
      return { tokens, end: at + 1 }
    }
    // What is parsed one behind the other is run one inside the other.
    if (tokens.push(token) > MOST) throw new TemplateError('too long an expression', at)
    at = token.end
  }
}

function unexpected(source: string, at: number, from: number): TemplateError {
  const char = source[at]
  if (char === undefined) return new TemplateError('unfinished expression', from - 2)
  return new TemplateError(`unexpected '${char}'`, at)
}

function readToken(source: string, at: number): (Token & { end: number }) | undefined {
  const name = taken(NAME, source, at)
  if (name !== undefined) return { kind: 'name', text: name, at, end: at + name.length }
  const number = taken(NUMBER, source, at)
  if (number !== undefined) return { kind: 'number', text: number, at, end: at + number.length }
  const sign = taken(SIGN, source, at)
  if (sign !== undefined) return { kind: 'sign', text: sign, at, end: at + sign.length }
  const quote = taken(QUOTE, source, at)
  return quote === undefined ? undefined : readString(source, at, quote)
}

function skip(source: string, at: number): number {
  return at + (taken(BLANK, source, at)?.length ?? 0)
}

function taken(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(source)?.[0]
}

function readString(source: string, at: number, quote: string): Token & { end: number } {
  let text = ''
  for (let i = at + 1; i < source.length; i++) {
    // The loop keeps i below the length.
    const char = source[i] as string
    if (char === quote) return { kind: 'string', text, at, end: i + 1 }
    if (char === '\n') break
    if (char !== '\\') {
      text += char
      continue
    }
    i++
    const escaped = ESCAPES.get(source[i] ?? '')
    if (escaped === undefined) throw new TemplateError("unexpected '\\'", i - 1)
    text += escaped
  }
  throw new TemplateError('unfinished string', at)
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['\\', '\\'],
  ['"', '"'],
  ["'", "'"],
])

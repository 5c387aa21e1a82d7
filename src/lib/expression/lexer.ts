import { parseIpRange } from '../ip.ts'
import { ExpressionError, type Literal, type Operator } from './syntax.ts'

/** A text being read. */
export interface Lexer {
  readonly text: string
  at: number
}

const SPACE = /[ \t\r\n]*/y
const IDENT = /[A-Za-z][\w.]*/y
const OPERATOR = /==|!=|~|\^=|=\^|>=|>|<=|<|in|not[ \t\r\n]*in|contains/y
const STRING = /"((?:[^"\\]|\\["\\nrt])*)"/y
const RAW_STRING = /r#"(.*?)"#/sy
const IPV4 = /\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?/y
const IPV6 = /(?::|[0-9A-Fa-f]{1,4}):(?:[0-9A-Fa-f]{1,4}|:)*(?:\/\d{1,3})?/y
const INT = /-?(?:0[0-7]+|0x[0-9A-Fa-f]+|\d+)/y
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])
const LARGEST = 2n ** 63n - 1n

/** Takes what a sticky regex matches after white space; undefined when it does not. */
function take(lexer: Lexer, regex: RegExp): RegExpExecArray | undefined {
  skipSpace(lexer)
  regex.lastIndex = lexer.at
  const found = regex.exec(lexer.text)
  if (found === null) return undefined
  lexer.at = regex.lastIndex
  return found
}

/** Goes to where the next token begins. */
export function skipSpace(lexer: Lexer): void {
  SPACE.lastIndex = lexer.at
  SPACE.exec(lexer.text)
  lexer.at = SPACE.lastIndex
}

/** Takes a sign when it comes next. */
export function takeSign(lexer: Lexer, sign: string): boolean {
  skipSpace(lexer)
  if (!lexer.text.startsWith(sign, lexer.at)) return false
  lexer.at += sign.length
  return true
}

/** Takes a name; undefined when none comes next. */
export function takeIdent(lexer: Lexer): string | undefined {
  return take(lexer, IDENT)?.[0]
}

/** Takes an operator. */
export function takeOperator(lexer: Lexer): Operator {
  const found = take(lexer, OPERATOR)
  if (found === undefined) throw new ExpressionError('expected an operator', lexer.at)
  // The regex matches operators alone; white space within `not in` is the only freedom.
  return (found[0].startsWith('not') ? 'not in' : found[0]) as Operator
}

/** Takes what stands at a predicate's right. */
export function takeLiteral(lexer: Lexer): Literal {
  const raw = take(lexer, RAW_STRING)
  if (raw !== undefined) return { type: 'string', text: raw[1] ?? '' }
  const string = take(lexer, STRING)
  if (string !== undefined) return { type: 'string', text: unescaped(string[1] ?? '') }
  return takeAddress(lexer) ?? takeInt(lexer) ?? refuseLiteral(lexer)
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => ESCAPES.get(char) ?? char)
}

function takeAddress(lexer: Lexer): Literal | undefined {
  const found = take(lexer, IPV4) ?? take(lexer, IPV6)
  if (found === undefined) return undefined
  const [text] = found
  const range = parseIpRange(text)
  if (range === undefined) throw new ExpressionError('invalid IP address or CIDR', found.index)
  const cidr = text.includes('/')
  if (cidr && hasHostBits(range.bytes, range.bits)) {
    throw new ExpressionError('host part of address was not zero', found.index)
  }
  return { type: 'ip', range, cidr }
}

function hasHostBits(bytes: readonly number[], bits: number): boolean {
  return bytes.some((byte, i) => (byte & (0xff >> Math.min(8, Math.max(0, bits - 8 * i)))) !== 0)
}

function takeInt(lexer: Lexer): Literal | undefined {
  const found = take(lexer, INT)
  if (found === undefined) return undefined
  const [text] = found
  const digits = text.startsWith('-') ? text.slice(1) : text
  const size = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits)
  if (size > LARGEST) {
    throw new ExpressionError('number too large to fit in target type', found.index)
  }
  return { type: 'int', number: Number(text.startsWith('-') ? -size : size) }
}

function refuseLiteral(lexer: Lexer): never {
  const rest = lexer.text.slice(lexer.at)
  if (rest.startsWith('"') || rest.startsWith('r#"')) {
    throw new ExpressionError('string without an end, or with an unknown escape', lexer.at)
  }
  throw new ExpressionError('expected a string, an integer, an IP address or a CIDR', lexer.at)
}

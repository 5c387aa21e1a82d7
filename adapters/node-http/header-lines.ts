import type { HeaderList } from '../../src/lib/header-list.ts'
import { MessageError } from './message-error.ts'

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** Controls, and so bare CR and LF: what is left when lines are cut at CRLF. */
const BAD_TEXT = /[^\t\x20-\x7e\x80-\xff]/

/**
 * Whether a text holds nothing that would end its line or that no line may hold. A char above 0xff
 * would lose its upper half on the wire, and may turn into a line end.
 */
export function isLineText(text: string): boolean {
  return !BAD_TEXT.test(text)
}

/** Whether a text can be a header's name, a method or another token. */
export function isToken(text: string): boolean {
  return NAME.test(text)
}

/** More lines than these are refused: nobody means so many. */
export const MOST_HEADERS = 1000

const DIGITS = /^\d{1,15}$/

/** Whether a text is a Content-Length, and one that a number holds exactly. */
export function isLength(text: string): boolean {
  return DIGITS.test(text)
}

/** RFC 3986's reg-name or IP literal, and a port: no userinfo, no path. */
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._~!$&'()*+,;=%]+)(?::\d{0,5})?$/

/** Whether a text can be a request's Host. */
export function isHost(text: string): boolean {
  return HOST.test(text)
}

/**
 * All of them at once, each a name, a colon and a value: far cheaper than to look at every name and
 * value apart. What may follow differs from what is repeated, so it reads each char once.
 */
const LINES = /(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*(?:\r\n|$))*$/y

/** What a request may say once alone: nginx answers 400 when one of them comes twice, on either protocol. */
const ONCE = [
  'authorization',
  'content-range',
  'expect',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
]
const onceLike = new Set(ONCE.map(likeness))

/**
 * A bit for each header that must not come twice, 0 for any other: a gateway that heeds one of two
 * lines and hands both on lets somebody in whom the upstream then takes for somebody else.
 */
export function onceBit(name: string): number {
  if (!onceLike.has(likeness(name))) return 0
  const at = ONCE.indexOf(name.toLowerCase())
  return at === -1 ? 0 : 1 << at
}

/** Length and first letter tell nearly all names from those, without a copy in lower case. */
function likeness(name: string): number {
  return (name.length << 8) | name.charCodeAt(0) | 32
}

/** Reads header lines, cut at CRLF, from a place in a text to its end. Throws a MessageError on any doubt. */
export function parseHeaderLines(text: string, from: number): HeaderList {
  // A folded line begins with a space, which no name holds.
  LINES.lastIndex = from
  if (!LINES.test(text)) throw new MessageError('BAD_HEADER')
  const headers: HeaderList = []
  let at = from
  while (at < text.length) {
    let end = text.indexOf('\r\n', at)
    if (end === -1) end = text.length
    const colon = text.indexOf(':', at)
    headers.push(text.slice(at, colon), trimmed(text, colon + 1, end))
    at = end + 2
  }
  return headers
}

function trimmed(text: string, from: number, to: number): string {
  let start = from
  let end = to
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9
}

import type { HeaderList } from '../../src/lib/header-list.ts'
import { isLineText, isToken } from './header-lines.ts'
import type { ParsedHead } from './server-exchange.ts'

/** An HTTP/2 request's head, in HTTP/1's terms. */
export interface StreamHead extends ParsedHead {
  readonly method: string
  readonly url: string
  /** The status to refuse it with; 0 when nothing is wrong. */
  readonly status: number
  /** Content-Length; undefined when absent. */
  readonly length: number | undefined
}

const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/
const TARGET = /^(?:\/[\x21-\x7e\x80-\xff]*|\*)$/
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._~!$&'()*+,;=%]+)(?::\d{0,5})?$/
const DIGITS = /^\d{1,15}$/
const MOST_HEADERS = 1000
/** RFC 9113 §6.5.2 counts a line so much larger than its text. */
const PER_LINE = 32
/** RFC 9113 §8.2.2: they belong to a connection, and HTTP/2 has no such headers. */
const OF_CONNECTIONS = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

interface Reading {
  readonly pseudo: Map<string, string>
  readonly kept: HeaderList
  host: string | undefined
  cookie: string | undefined
  length: string | undefined
  bad: boolean
}

/**
 * Reads a stream's headers. What a runtime's own parser lets pass must not become a request line or
 * a header of its own upstream, where HTTP/1 is spoken.
 */
export function readStreamHead(raw: readonly string[], maxSize: number): StreamHead {
  const found: Reading = {
    pseudo: new Map(),
    kept: ['Host', ''],
    host: undefined,
    cookie: undefined,
    length: undefined,
    bad: false,
  }
  let size = 0
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? ''
    const value = raw[i + 1] ?? ''
    size += name.length + value.length + PER_LINE
    readLine(found, name, value)
  }
  const isLarge = size > maxSize || raw.length > 2 * MOST_HEADERS
  const { pseudo, kept, cookie } = found
  const method = pseudo.get(':method') ?? ''
  const url = pseudo.get(':path') ?? ''
  const authority = pseudo.get(':authority') ?? found.host ?? ''
  kept[1] = authority
  // RFC 9113 §8.2.3: a cookie may come in crumbs, for compression's sake.
  if (cookie !== undefined) kept.push('cookie', cookie)
  const length = found.length === undefined ? undefined : Number(found.length)
  const head = { method, url, rawHeaders: kept, httpVersion: '2.0', length }
  return { ...head, status: statusOf(found, { method, url, authority, isLarge }) }
}

function readLine(found: Reading, name: string, value: string): void {
  if (!isLineText(value)) found.bad = true
  if (name.startsWith(':')) {
    const isKnown =
      name === ':method' || name === ':path' || name === ':scheme' || name === ':authority'
    if (!isKnown || found.pseudo.has(name) || found.kept.length > 2) found.bad = true
    found.pseudo.set(name, value)
    return
  }
  if (!NAME.test(name) || OF_CONNECTIONS.has(name)) found.bad = true
  if (name === 'host') {
    if (found.host !== undefined) found.bad = true
    found.host = value
    return
  }
  if (name === 'cookie') {
    found.cookie = found.cookie === undefined ? value : `${found.cookie}; ${value}`
    return
  }
  if (name === 'content-length') {
    if (found.length !== undefined || !DIGITS.test(value)) found.bad = true
    found.length = value
  } else if (name === 'te' && value.toLowerCase() !== 'trailers') {
    found.bad = true
  }
  found.kept.push(name, value)
}

function statusOf(
  { bad, host }: Reading,
  head: { method: string; url: string; authority: string; isLarge: boolean },
): number {
  const { method, url, authority, isLarge } = head
  if (isLarge) return 494
  if (bad || !isToken(method)) return 400
  if (method === 'CONNECT') return 405
  if (!TARGET.test(url) || (url === '*' && method !== 'OPTIONS')) return 400
  if (!HOST.test(authority)) return 400
  // Two names for one request: a router and an upstream might each believe another.
  return host !== undefined && host.toLowerCase() !== authority.toLowerCase() ? 400 : 0
}

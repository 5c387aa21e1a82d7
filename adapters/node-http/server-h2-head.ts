import type { HeaderList } from '../../src/lib/header-list.ts'
import { isHost, isLength, isLineText, isToken, MOST_HEADERS, onceBit } from './header-lines.ts'
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

/** What a name asks for. */
type Kind = 'plain' | 'pseudo' | 'host' | 'cookie' | 'content-length' | 'once' | 'te' | 'bad'

/** The same few names come with every request; so many others may be kept beside them. */
const MOST_NAMES = 1024
const LONGEST_NAME = 64
const kinds = new Map<string, Kind>()

interface Reading {
  method: string | undefined
  path: string | undefined
  scheme: string | undefined
  authority: string | undefined
  readonly kept: HeaderList
  host: string | undefined
  cookie: string | undefined
  length: string | undefined
  /** The bits of those that must not come twice. */
  once: number
  bad: boolean
}

/**
 * Reads a stream's headers. What a runtime's own parser lets pass must not become a request line or
 * a header of its own upstream, where HTTP/1 is spoken.
 */
export function readStreamHead(raw: readonly string[], maxSize: number): StreamHead {
  const found: Reading = {
    method: undefined,
    path: undefined,
    scheme: undefined,
    authority: undefined,
    kept: ['Host', ''],
    host: undefined,
    cookie: undefined,
    length: undefined,
    once: 0,
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
  const { method = '', path: url = '', kept, cookie } = found
  const authority = found.authority ?? found.host ?? ''
  kept[1] = authority
  // RFC 9113 §8.2.3: a cookie may come in crumbs, for compression's sake.
  if (cookie !== undefined) kept.push('cookie', cookie)
  const length = found.length === undefined ? undefined : Number(found.length)
  const status = statusOf(found, { method, url, authority, isLarge })
  return { method, url, rawHeaders: kept, httpVersion: '2.0', length, status }
}

function readLine(found: Reading, name: string, value: string): void {
  if (!isLineText(value)) found.bad = true
  const kind = kindOf(name)
  switch (kind) {
    case 'pseudo':
      readPseudo(found, name, value)
      return
    case 'host':
      if (found.host !== undefined) found.bad = true
      found.host = value
      return
    case 'cookie':
      found.cookie = found.cookie === undefined ? value : `${found.cookie}; ${value}`
      return
    case 'content-length':
      if (found.length !== undefined || !isLength(value)) found.bad = true
      found.length = value
      break
    case 'once': {
      const bit = onceBit(name)
      if ((found.once & bit) !== 0) found.bad = true
      found.once |= bit
      break
    }
    case 'te':
      if (value.toLowerCase() !== 'trailers') found.bad = true
      break
    case 'bad':
      found.bad = true
  }
  found.kept.push(name, value)
}

function readPseudo(found: Reading, name: string, value: string): void {
  if (found.kept.length > 2) found.bad = true
  if (name === ':method' && found.method === undefined) found.method = value
  else if (name === ':path' && found.path === undefined) found.path = value
  else if (name === ':scheme' && found.scheme === undefined) found.scheme = value
  else if (name === ':authority' && found.authority === undefined) found.authority = value
  else found.bad = true
}

function kindOf(name: string): Kind {
  let kind = kinds.get(name)
  if (kind === undefined) {
    kind = lookAt(name)
    if (kind !== 'bad' && name.length <= LONGEST_NAME && kinds.size < MOST_NAMES)
      kinds.set(name, kind)
  }
  return kind
}

function lookAt(name: string): Kind {
  if (name.startsWith(':')) return 'pseudo'
  if (name === 'host' || name === 'cookie' || name === 'content-length' || name === 'te')
    return name
  if (onceBit(name) !== 0) return 'once'
  return !NAME.test(name) || OF_CONNECTIONS.has(name) ? 'bad' : 'plain'
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
  if (!isHost(authority)) return 400
  // Two names for one request: a router and an upstream might each believe another.
  return host !== undefined && host.toLowerCase() !== authority.toLowerCase() ? 400 : 0
}

import { Buffer } from 'node:buffer'
import type { OutgoingHttpHeaders } from 'node:http2'
import type { HeaderList } from '../../src/lib/header-list.ts'
import { isLineText, isToken } from './header-lines.ts'

/** Headers that belong to an HTTP/1 connection and mean nothing here. */
const OF_CONNECTIONS = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

/** Names node:http2 takes only one value of. */
const SINGLE = new Set([
  'access-control-allow-credentials',
  'access-control-max-age',
  'access-control-request-method',
  'age',
  'authorization',
  'content-length',
  'content-location',
  'content-md5',
  'content-range',
  'content-type',
  'date',
  'dnt',
  'etag',
  'expires',
  'from',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'proxy-authorization',
  'range',
  'referer',
  'retry-after',
  'tk',
  'upgrade-insecure-requests',
  'user-agent',
  'x-content-type-options',
])
const LISTS = new Set(['content-encoding', 'content-language'])

/** What is known of a header's name as it was given. */
interface Name {
  readonly lower: string
  readonly isToken: boolean
  readonly kind: 'any' | 'connection' | 'te' | 'single' | 'list'
}

/** The same few names come with every message; so many others may be kept beside them. */
const MOST_NAMES = 1024
const LONGEST_NAME = 64
const names = new Map<string, Name>()

/**
 * Headers as node:http2 takes them: lower-case names, several values of one as a list. They are
 * added to what is given; it has no prototype.
 */
export function toHttp2Headers(
  headers: HeaderList,
  fields: Fields = Object.create(null),
): OutgoingHttpHeaders {
  for (let i = 0; i < headers.length; i += 2) {
    add(fields, nameOf(headers[i] ?? ''), headers[i + 1] ?? '')
  }
  return fields
}

/** The same; undefined when one of them can be no header. */
export function checkedHttp2Headers(headers: HeaderList): OutgoingHttpHeaders | undefined {
  const fields: Fields = Object.create(null)
  for (let i = 0; i < headers.length; i += 2) {
    const name = nameOf(headers[i] ?? '')
    const value = headers[i + 1] ?? ''
    if (!name.isToken || !isLineText(value)) return undefined
    add(fields, name, value)
  }
  return fields
}

type Fields = Record<string, string | string[]>

function add(fields: Fields, { lower, kind }: Name, value: string): void {
  if (kind === 'connection' || (kind === 'te' && value !== 'trailers')) return
  const before = fields[lower]
  if (before === undefined) fields[lower] = value
  else if (kind === 'list') fields[lower] = `${String(before)}, ${value}`
  else if (kind === 'single') return
  else if (Array.isArray(before)) before.push(value)
  else fields[lower] = [before, value]
}

function nameOf(text: string): Name {
  const known = names.get(text)
  if (known !== undefined) return known
  if (!isToken(text)) return { lower: text.toLowerCase(), isToken: false, kind: 'any' }
  // A slice would keep the whole head alive that it was cut from.
  const own = Buffer.from(text, 'latin1').toString('latin1')
  const lower = own.toLowerCase()
  const name: Name = { lower, isToken: true, kind: kindOf(lower) }
  if (own.length <= LONGEST_NAME && names.size < MOST_NAMES) names.set(own, name)
  return name
}

function kindOf(lower: string): Name['kind'] {
  if (OF_CONNECTIONS.has(lower)) return 'connection'
  if (LISTS.has(lower)) return 'list'
  if (SINGLE.has(lower)) return 'single'
  return lower === 'te' ? 'te' : 'any'
}

/** What node:http2 gives as raw headers, without the pseudo ones. */
export function withoutPseudo(raw: readonly string[]): HeaderList {
  const headers: HeaderList = []
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? ''
    if (!name.startsWith(':')) headers.push(name, raw[i + 1] ?? '')
  }
  return headers
}

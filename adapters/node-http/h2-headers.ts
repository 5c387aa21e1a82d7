import type { OutgoingHttpHeaders } from 'node:http2'
import type { HeaderList } from '../../src/lib/header-list.ts'

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

/** Headers as node:http2 takes them: lower-case names, several values of one as a list. */
export function toHttp2Headers(headers: HeaderList): OutgoingHttpHeaders {
  const fields: Record<string, string | string[]> = Object.create(null)
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]?.toLowerCase() ?? ''
    const value = headers[i + 1] ?? ''
    if (OF_CONNECTIONS.has(name) || (name === 'te' && value !== 'trailers')) continue
    const before = fields[name]
    if (before === undefined) fields[name] = value
    else if (LISTS.has(name)) fields[name] = `${String(before)}, ${value}`
    else if (SINGLE.has(name)) continue
    else if (Array.isArray(before)) before.push(value)
    else fields[name] = [before, value]
  }
  return fields
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

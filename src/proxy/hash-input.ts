import type { HashInput, Hashing } from '../balancer/hashing.ts'
import { toByteString } from '../lib/byte-string.ts'
import { cookieOf } from '../lib/cookies.ts'
import { headersOf } from '../lib/header-list.ts'
import type { ClientRequest } from '../ports/server.ts'
import type { Match } from '../router/router.ts'
import type { Origin } from './forwarded.ts'
import type { RequestParts } from './read-request.ts'

/** What is known of a request when a target is to be chosen by it. */
export interface Asked {
  readonly read: RequestParts
  readonly origin: Origin
  readonly match: Match<unknown>
  /** The consumer's id, or that of a credential whose consumer is not ours to know. */
  readonly identity?: string | undefined
}

/** What a request is hashed by. */
export interface HashKey {
  /** One char per byte. */
  readonly key: string
  /** Given to a client that had none: it goes on the answer. */
  readonly cookie: HashCookie | undefined
}

/** A cookie as it is set. */
export interface HashCookie {
  /** The name with its `=`. */
  readonly prefix: string
  /** The value of the `Set-Cookie` header. */
  readonly header: string
}

/** Where a key comes from. */
export interface HashSources {
  readonly request: ClientRequest
  readonly asked: Asked
  readonly newId: () => string
}

/** Finds what tells a request apart. Kong: what has none of it is hashed as an empty text. */
export function hashKeyOf({ input, fallback }: Hashing, sources: HashSources): HashKey {
  return keyFrom(input, sources) ?? keyFrom(fallback, sources) ?? NO_KEY
}

const NO_KEY: HashKey = { key: '', cookie: undefined }

function keyFrom(input: HashInput, sources: HashSources): HashKey | undefined {
  if (input.on === 'cookie') return cookieKey(input, sources)
  const key = plainKey(input, sources)
  return key === undefined ? undefined : { key, cookie: undefined }
}

function plainKey(
  input: Exclude<HashInput, { on: 'cookie' }>,
  { request, asked }: HashSources,
): string | undefined {
  switch (input.on) {
    case 'ip':
      return asked.origin.ip
    case 'path':
      return decoded(asked.read.target.path)
    case 'header': {
      const values = headersOf(request.headers, input.name)
      return values.length === 0 ? undefined : values.join(', ')
    }
    case 'query_arg':
      return queryArg(asked.read.target.query, input.name)
    case 'uri_capture':
      return captureOf(asked.match, input.name)
    case 'consumer':
      return asked.identity
    default:
      return undefined
  }
}

/** Kong spells the attribute `Same-Site`. */
function cookieKey(
  { name, path }: { readonly name: string; readonly path: string },
  { request, newId }: HashSources,
): HashKey {
  // As nginx reads it: the first of the name, in any case.
  const sent = cookieOf(headersOf(request.headers, 'cookie'), name, { anyCase: true })
  if (sent !== undefined) return { key: sent, cookie: undefined }
  const key = newId()
  const prefix = `${name}=`
  const header = `${prefix}${key}; Path=${path}; Same-Site=Lax; HttpOnly`
  return { key, cookie: { prefix, header } }
}

/** Kong: several values are sorted and joined; an argument without a value is `true`. */
function queryArg(query: string, name: string): string | undefined {
  const wanted = toByteString(name)
  const values: string[] = []
  for (const pair of query.slice(1).split('&')) {
    const equals = pair.indexOf('=')
    const found = equals < 0 ? pair : pair.slice(0, equals)
    if (found === '' || argText(found) !== wanted) continue
    values.push(equals < 0 ? 'true' : argText(pair.slice(equals + 1)))
  }
  return values.length === 0 ? undefined : values.sort().join(',')
}

function argText(text: string): string {
  return decoded(text.replaceAll('+', ' '))
}

function decoded(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

/** By name, or by number when it is one. */
function captureOf({ captures }: Match<unknown>, group: string): string | undefined {
  const text = /^\d+$/.test(group) ? captures?.numbered[Number(group)] : captures?.named[group]
  return text === undefined ? undefined : toByteString(text)
}

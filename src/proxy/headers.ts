import { type HeaderList, headersOf } from '../lib/header-list.ts'
import { mutableHeaders } from '../pdk/headers.ts'

/** What one pass over a client's headers makes of them. */
export interface ClientHeaders {
  /** What goes on, behind a place for Host; ours are still to come. */
  readonly kept: HeaderList
  /** Several of one header are joined by commas. */
  host: string | undefined
  connection: string | undefined
  contentLength: string | undefined
  te: string | undefined
  via: string | undefined
  forwardedFor: string | undefined
  forwardedProto: string | undefined
  forwardedHost: string | undefined
  forwardedPort: string | undefined
  forwardedPath: string | undefined
  forwardedPrefix: string | undefined
  /** Kept as well, for plugins to read. */
  proxyAuthorization: string | undefined
  /** One of them is longer than a line may be. */
  tooLong: boolean
}

type Found = Exclude<keyof ClientHeaders, 'kept' | 'proxyAuthorization' | 'tooLong'>

/** nginx: no line of a head is longer than one of its buffers, its end included. */
export const LONGEST_LINE = 8192

/** Headers that are ours to write, and those of one connection only (''). */
const REQUEST_HEADERS: ReadonlyMap<string, Found | ''> = new Map<string, Found | ''>([
  ['host', 'host'],
  ['connection', 'connection'],
  ['content-length', 'contentLength'],
  ['te', 'te'],
  ['via', 'via'],
  ['x-forwarded-for', 'forwardedFor'],
  ['x-forwarded-proto', 'forwardedProto'],
  ['x-forwarded-host', 'forwardedHost'],
  ['x-forwarded-port', 'forwardedPort'],
  ['x-forwarded-path', 'forwardedPath'],
  ['x-forwarded-prefix', 'forwardedPrefix'],
  ['x-real-ip', ''],
  ['transfer-encoding', ''],
  ['trailer', ''],
  ['upgrade', ''],
  ['http2-settings', ''],
  ['keep-alive', ''],
  ['proxy', ''],
  ['proxy-connection', ''],
  // nginx answers `Expect: 100-continue` itself and sends none.
  ['expect', ''],
])

/** Whether a lower-case name is one of those, which no plugin writes. */
export function isOurs(name: string): boolean {
  return REQUEST_HEADERS.has(name)
}

/** Sorts a client's headers: what passes, what is ours to rewrite, what ends here. */
export function readClientHeaders(headers: HeaderList): ClientHeaders {
  const kept: HeaderList = ['Host', '']
  const client = emptyHeaders(kept)
  for (let i = 0; i < headers.length; i += 2) {
    // The loop keeps i and i + 1 below the list's even length.
    const name = headers[i] as string
    const value = headers[i + 1] as string
    if (name.length + value.length + 4 > LONGEST_LINE) client.tooLong = true
    const lower = name.toLowerCase()
    const found = REQUEST_HEADERS.get(lower)
    if (found === undefined) {
      if (lower === 'cookie' && value.includes(MANAGER_COOKIE)) pushCookies(kept, name, value)
      else kept.push(name, value)
      if (lower === PROXY_AUTHORIZATION) {
        client.proxyAuthorization = joined(client.proxyAuthorization, value)
      }
    } else if (found !== '') {
      client[found] = joined(client[found], value)
    }
  }
  const listed = connectionNames(client.connection)
  return listed === undefined ? client : { ...client, kept: without(kept, listed) }
}

const PROXY_AUTHORIZATION = 'proxy-authorization'

function joined(before: string | undefined, value: string): string {
  return before === undefined ? value : `${before}, ${value}`
}

/** Kong: what a client proves itself to a proxy by ends here, unless a plugin has written another. */
export function dropProxyAuthorization(headers: HeaderList, theirs: string): void {
  const now = headersOf(headers, PROXY_AUTHORIZATION).join(', ')
  if (now === theirs) mutableHeaders(headers).delete(PROXY_AUTHORIZATION)
}

/** Browsers know no ports: what lets them into the Manager comes along to everything on its host. */
const MANAGER_COOKIE = 'gibbon_manager'

function pushCookies(kept: HeaderList, name: string, value: string): void {
  const others = value.split(/; */).filter((pair) => !/^gibbon_manager(_\d+)?=/.test(pair))
  if (others.length > 0) kept.push(name, others.join('; '))
}

function emptyHeaders(kept: HeaderList): ClientHeaders {
  return {
    kept,
    host: undefined,
    connection: undefined,
    contentLength: undefined,
    te: undefined,
    via: undefined,
    forwardedFor: undefined,
    forwardedProto: undefined,
    forwardedHost: undefined,
    forwardedPort: undefined,
    forwardedPath: undefined,
    forwardedPrefix: undefined,
    proxyAuthorization: undefined,
    tooLong: false,
  }
}

/** The lower-case names a Connection header lists; undefined for the usual one word. */
export function connectionNames(connection: string | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined) return undefined
  const lower = connection.toLowerCase()
  if (lower === 'keep-alive' || lower === 'close' || lower === 'upgrade') return undefined
  return new Set(lower.split(',').map((name) => name.trim()))
}

/** The list without the named headers; nobody can name away what frames or routes a message. */
function without(headers: HeaderList, names: ReadonlySet<string>): HeaderList {
  const kept: HeaderList = []
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string
    const lower = name.toLowerCase()
    const stays = !names.has(lower) || lower === 'host' || lower === 'content-length'
    if (stays) kept.push(name, headers[i + 1] as string)
  }
  return kept
}

/** Whether a TE header asks for trailers. */
export function asksTrailers(te: string | undefined): boolean {
  return (
    te
      ?.toLowerCase()
      .split(',')
      .some((part) => part.split(';')[0]?.trim() === 'trailers') === true
  )
}

/** What one pass over an upstream's headers makes of them. */
export interface UpstreamHeaders {
  /** What goes on to the client; ours are still to come. */
  readonly kept: HeaderList
  readonly via: string | undefined
  /** The trailers it names, where the client asked for some. */
  readonly trailer: string | undefined
  readonly hasServer: boolean
  readonly hasLength: boolean
}

type Answered = 'connection' | 'via' | 'trailer' | 'server' | 'content-length'

const RESPONSE_HEADERS: ReadonlyMap<string, Answered | ''> = new Map<string, Answered | ''>([
  ['connection', 'connection'],
  ['via', 'via'],
  ['upgrade', ''],
  ['trailer', 'trailer'],
  ['server', 'server'],
  ['content-length', 'content-length'],
  ['keep-alive', ''],
  ['proxy-connection', ''],
  ['proxy-authenticate', ''],
  ['transfer-encoding', ''],
])

/** Sorts an upstream's headers; `ours` are the lower-case names we write ourselves. */
export function readUpstreamHeaders(
  headers: HeaderList,
  { ours, trailers }: { readonly ours: ReadonlySet<string>; readonly trailers: boolean },
): UpstreamHeaders {
  const kept: HeaderList = []
  const found = { connection: '', via: '', trailer: '', server: '', 'content-length': '' }
  for (let i = 0; i < headers.length; i += 2) {
    // The loop keeps i and i + 1 below the list's even length.
    const name = headers[i] as string
    const value = headers[i + 1] as string
    const lower = name.toLowerCase()
    const role = RESPONSE_HEADERS.get(lower)
    if (role === undefined) {
      if (!ours.has(lower)) kept.push(name, value)
    } else if (role === 'server' || role === 'content-length') {
      if (found[role] === '') kept.push(name, value)
      found[role] ||= ' '
    } else if (role !== '') found[role] = found[role] === '' ? value : `${found[role]}, ${value}`
  }
  const listed = found.connection === '' ? undefined : connectionNames(found.connection)
  return {
    kept: listed === undefined ? kept : without(kept, listed),
    via: found.via === '' ? undefined : found.via,
    trailer: trailers && found.trailer !== '' ? found.trailer : undefined,
    hasServer: found.server !== '',
    hasLength: found['content-length'] !== '',
  }
}

import { type HeaderTable, headerTable } from '../http/header-table.ts'
import { type HeaderList, headersOf, isNamed } from '../lib/header-list.ts'
import { mutableHeaders } from '../pdk/headers.ts'

/** What one pass over a client's headers makes of them. */
export interface ClientHeaders {
  /** What goes on, behind a place for Host; ours are still to come. */
  kept: HeaderList
  /** Several of one header are joined by commas, but for what can be but one. */
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
const REQUEST_HEADERS = headerTable<Found | ''>([
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

/** Whether a name is one of those, which no plugin writes. */
export function isOurs(name: string): boolean {
  return REQUEST_HEADERS.find(name) !== undefined
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
    const found = REQUEST_HEADERS.find(name)
    if (found === undefined) {
      keep(client, name, value)
    } else if (found !== '') {
      const before = client[found]
      if (before === undefined || !FIRST_COUNTS.has(found)) client[found] = joined(before, value)
    }
  }
  const listed = connectionNames(client.connection)
  if (listed !== undefined) client.kept = without(kept, listed)
  return client
}

function keep(client: ClientHeaders, name: string, value: string): void {
  if (isNamed(name, 'cookie') && value.includes(MANAGER_COOKIE)) {
    pushCookies(client.kept, name, value)
    return
  }
  client.kept.push(name, value)
  if (isNamed(name, PROXY_AUTHORIZATION)) {
    client.proxyAuthorization = joined(client.proxyAuthorization, value)
  }
}

const PROXY_AUTHORIZATION = 'proxy-authorization'

/** Kong: of several lines the first counts. Those that are lists keep all, lest one be lost. */
const FIRST_COUNTS: ReadonlySet<Found> = new Set([
  'forwardedProto',
  'forwardedHost',
  'forwardedPort',
  'forwardedPath',
  'forwardedPrefix',
])

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
      .some((part) => part.trim() === 'trailers') === true
  )
}

/** What one pass over an upstream's headers makes of them. */
export interface UpstreamHeaders {
  /** What goes on to the client; ours are still to come. */
  readonly kept: HeaderList
  readonly via: string | undefined
  /** What it offers to upgrade to. */
  readonly upgrade: string | undefined
  /** The trailers it names, where the client asked for some. */
  readonly trailer: string | undefined
  readonly hasServer: boolean
  readonly hasLength: boolean
}

type Answered = 'connection' | 'via' | 'upgrade' | 'trailer' | 'server' | 'length'

const RESPONSE_HEADERS = headerTable<Answered | ''>([
  ['connection', 'connection'],
  ['via', 'via'],
  ['upgrade', 'upgrade'],
  ['trailer', 'trailer'],
  ['server', 'server'],
  ['content-length', 'length'],
  ['keep-alive', ''],
  ['proxy-connection', ''],
  ['proxy-authenticate', ''],
  ['transfer-encoding', ''],
  // nginx takes these for words to itself.
  ['x-accel-buffering', ''],
  ['x-accel-charset', ''],
  ['x-accel-expires', ''],
  ['x-accel-limit-rate', ''],
  ['x-accel-redirect', ''],
  ['x-pad', ''],
])

/** Sorts an upstream's headers; `ours` are the names we write ourselves. */
export function readUpstreamHeaders(
  headers: HeaderList,
  { ours, trailers }: { readonly ours: HeaderTable<true>; readonly trailers: boolean },
): UpstreamHeaders {
  const kept: HeaderList = []
  const told: Told = { connection: '', via: '', upgrade: '', trailer: '' }
  let hasServer = false
  let hasLength = false
  for (let i = 0; i < headers.length; i += 2) {
    // The loop keeps i and i + 1 below the list's even length.
    const name = headers[i] as string
    const value = headers[i + 1] as string
    const role = RESPONSE_HEADERS.find(name)
    if (role === undefined) {
      if (ours.find(name) === undefined) kept.push(name, value)
    } else if (role === 'server') {
      if (!hasServer) kept.push(name, value)
      hasServer = true
    } else if (role === 'length') {
      if (!hasLength) kept.push(name, value)
      hasLength = true
    } else if (role !== '') told[role] = joined(told[role] || undefined, value)
  }
  const listed = connectionNames(told.connection || undefined)
  return {
    kept: listed === undefined ? kept : without(kept, listed),
    via: told.via || undefined,
    upgrade: told.upgrade || undefined,
    trailer: (trailers && told.trailer) || undefined,
    hasServer,
    hasLength,
  }
}

/** What an upstream says of its answer; empty where it says nothing. */
interface Told {
  connection: string
  via: string
  upgrade: string
  trailer: string
}

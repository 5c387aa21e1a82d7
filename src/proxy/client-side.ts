import { readUpTo } from '../lib/body-reading.ts'
import type { Body, ByteStream } from '../lib/bytes.ts'
import { type HeaderList, headerOf, headersOf } from '../lib/header-list.ts'
import type { Captures, ClientSide, UpstreamSide } from '../pdk/exchange.ts'
import type { Exit } from '../pdk/exit.ts'
import type { HeaderView } from '../pdk/headers.ts'
import type { ClientRequest } from '../ports/server.ts'
import type { Match } from '../router/router.ts'
import { hostName, type Origin, type Stripping, strippedPrefix } from './forwarded.ts'
import { isOurs } from './headers.ts'
import { decodedArgs, type QueryArg } from './query-args.ts'
import type { RequestParts } from './read-request.ts'

/** What is known of a request that plugins look at. */
export interface Asked {
  readonly read: RequestParts
  readonly origin: Origin
  /** Undefined for a request that no route wants. */
  readonly match: Match<Stripping> | undefined
}

/** What it is a part of. */
interface Whole {
  /** Found out step by step. */
  readonly asked: Asked
  readonly upstream: UpstreamSide
  readonly maxQueryArgs: number
}

const NO_VALUES: readonly string[] = []
const NO_CAPTURES: Captures = { numbered: [], named: {} }

/** The client's request as plugins see it; it also knows what became of the body. */
export class LiveClientSide implements ClientSide, HeaderView {
  readonly #request: ClientRequest
  readonly #exchange: Whole
  #args: readonly QueryArg[] | undefined
  #argsOf = ''
  /** What is left to send, once a plugin has read of it. */
  taken: Body | undefined
  /** What ends a request whose body was too long. */
  overflow: Exit | undefined
  #limit: { readonly bytes: number; readonly otherwise: Exit } | undefined

  constructor(request: ClientRequest, exchange: Whole) {
    this.#request = request
    this.#exchange = exchange
  }

  get method(): string {
    return this.#request.method
  }

  get scheme(): 'http' | 'https' {
    return this.#request.scheme
  }

  get httpVersion(): '1.0' | '1.1' | '2' {
    return this.#request.httpVersion
  }

  get host(): string {
    return hostName(this.#exchange.asked.read.host)
  }

  get port(): number {
    return this.#request.localPort
  }

  get path(): string {
    return this.#exchange.asked.read.target.path
  }

  get rawPath(): string {
    return this.#exchange.asked.read.target.rawPath
  }

  get rawQuery(): string {
    return this.#exchange.upstream.rawQuery
  }

  get rawTarget(): string {
    const { rawPath, query } = this.#exchange.asked.read.target
    return rawPath + query
  }

  get headers(): HeaderView {
    return this
  }

  /** Kong: a plugin sees what those before it made of a header; only the proxy's own stay as sent. */
  get(name: string): string | undefined {
    const lower = name.toLowerCase()
    return headerOf(this.#holder(lower), lower)
  }

  all(name: string): readonly string[] {
    const lower = name.toLowerCase()
    return headersOf(this.#holder(lower), lower)
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  get list(): readonly string[] {
    const { headers } = this.#request
    const list: HeaderList = []
    for (let i = 0; i < headers.length; i += 2) {
      // The loop keeps i and i + 1 below the list's even length.
      const name = headers[i] as string
      if (isOurs(name.toLowerCase())) list.push(name, headers[i + 1] as string)
    }
    // The place for Host is first; the proxy's own come to stand there once the request is sent.
    const kept = this.#exchange.upstream.headers.list
    for (let i = 2; i < kept.length; i += 2) {
      // As above.
      const name = kept[i] as string
      if (!isOurs(name.toLowerCase())) list.push(name, kept[i + 1] as string)
    }
    return list
  }

  #holder(lower: string): readonly string[] {
    return isOurs(lower) ? this.#request.headers : this.#exchange.upstream.headers.list
  }

  get fromTrusted(): boolean {
    return this.#exchange.asked.origin.trusted
  }

  get forwardedScheme(): string {
    return this.#exchange.asked.origin.proto.toLowerCase()
  }

  /** Kong: what a trusted peer says may have more to it than the upstream's header shows. */
  get forwardedHost(): string {
    const { origin } = this.#exchange.asked
    const said = this.#saidHost()
    return said === undefined ? origin.host : said.replace(/:.*$/s, '').toLowerCase()
  }

  get forwardedPort(): number {
    const { origin, read } = this.#exchange.asked
    if (!origin.trusted) return Number(origin.port)
    const said = portIn(read.client.forwardedPort) ?? portIn(this.#saidHost()?.split(':')[1])
    if (said !== undefined) return said
    return read.client.forwardedPort === undefined ? Number(origin.port) : this.port
  }

  #saidHost(): string | undefined {
    const { origin, read } = this.#exchange.asked
    return origin.trusted ? read.client.forwardedHost?.replace(/^[^@]*@/, '') : undefined
  }

  get forwardedPath(): string {
    return this.#exchange.asked.origin.path
  }

  get forwardedPrefix(): string | undefined {
    const { origin, match } = this.#exchange.asked
    return origin.prefix ?? (match && strippedPrefix(match))
  }

  get bodyLength(): number | undefined {
    return this.#request.body?.length
  }

  get hasBody(): boolean {
    return this.#request.body !== undefined
  }

  get upgrade(): boolean {
    return this.#request.upgrade
  }

  get captures(): Captures {
    return this.#exchange.asked.match?.captures ?? NO_CAPTURES
  }

  queryArgs(): readonly QueryArg[] {
    const { rawQuery } = this
    if (this.#args === undefined || this.#argsOf !== rawQuery) {
      this.#args = decodedArgs(rawQuery, this.#exchange.maxQueryArgs)
      this.#argsOf = rawQuery
    }
    return this.#args
  }

  queryArg(name: string): readonly (string | true)[] {
    if (this.rawQuery === '') return NO_VALUES
    const values: (string | true)[] = []
    for (const [found, value] of this.queryArgs()) if (found === name) values.push(value)
    return values
  }

  async readBody(limit: number): Promise<Uint8Array | undefined> {
    const { body } = this.#request
    if (body === undefined) return new Uint8Array()
    if (this.taken === undefined && body.length !== undefined) {
      if (body.length > limit) return undefined
      this.taken = await body.bytes()
      return this.taken
    }
    const read = await readUpTo(this.taken ?? body.stream(), limit)
    this.taken = 'whole' in read ? read.whole : read.rest
    return 'whole' in read ? read.whole : undefined
  }

  limitBody(bytes: number, otherwise: Exit): Exit | undefined {
    this.#limit = { bytes, otherwise }
    const read = this.taken instanceof Uint8Array ? this.taken.length : 0
    return read > bytes ? otherwise : undefined
  }

  /** What goes up when plugins had to do with the body; undefined for the request's own. */
  remaining(): Body | undefined {
    const { body } = this.#request
    if (this.#limit === undefined || body === undefined) return this.taken
    if (this.taken instanceof Uint8Array) return this.taken
    return this.#limited(this.taken ?? body.stream(), this.#limit)
  }

  async *#limited(
    body: ByteStream,
    limit: { readonly bytes: number; readonly otherwise: Exit },
  ): AsyncGenerator<Uint8Array> {
    let length = 0
    for await (const chunk of body) {
      length += chunk.length
      if (length > limit.bytes) {
        this.overflow = limit.otherwise
        throw new Error('the body is longer than a plugin allows')
      }
      yield chunk
    }
  }
}

function portIn(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,5}$/.test(text)) return undefined
  const port = Number(text)
  return port >= 1 && port <= 65_535 ? port : undefined
}

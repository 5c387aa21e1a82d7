import { dropBody, readUpTo } from '../lib/body-reading.ts'
import type { Body } from '../lib/bytes.ts'
import type { HeaderList } from '../lib/header-list.ts'
import type { Departure } from '../ports/server.ts'
import type { Failure, HttpProxy, Incoming, Sender } from '../ports/transport.ts'
import { type HeaderView, headersIn } from './headers.ts'

/** A request of a plugin's own to some server. */
export interface HttpCall {
  readonly url: URL
  readonly method: string
  readonly headers?: HeaderList
  readonly body?: Body
  /** Milliseconds; connecting, writing and reading may each take as long. */
  readonly timeout: number
  /** Milliseconds for these alone, where they differ. */
  readonly connectTimeout?: number
  readonly writeTimeout?: number
  /** Whether a https server has to prove who it is; yes unless said. */
  readonly tlsVerify?: boolean
  /** The name a https server has to prove; the one in the URL unless said. */
  readonly serverName?: string
  /** Goes by this proxy; only where the runtime can. */
  readonly proxy?: HttpProxy | undefined
  /** Ends the call when this client leaves. */
  readonly client?: Departure
}

/** What a server answered. */
export interface HttpReply {
  readonly status: number
  readonly reason: string
  readonly headers: HeaderView
  /** The body as it comes; to be read or dropped. */
  readonly body: Body | undefined
  /** The whole body; rejects when it is longer than `limit` bytes, or cut. */
  bytes(limit: number): Promise<Uint8Array>
  /** Lets go of a body nobody reads. */
  drop(): void
}

/** Sends a call; rejects with a `CallFailed` when there is no answer. */
export type HttpCaller = (call: HttpCall) => Promise<HttpReply>

/** No answer came. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed'
  readonly timeout: boolean
  readonly code: string

  constructor({ code, timeout, phase }: Failure, { url, proxy }: Pick<HttpCall, 'url' | 'proxy'>) {
    // Clients may be shown this: that there is a proxy helps, where it is would not.
    const place = proxy === undefined ? url.host : `${url.host} by its proxy`
    super(timeout ? `timeout at ${place} (${phase})` : `cannot reach ${place}: ${code}`)
    this.code = code
    this.timeout = timeout
  }
}

/** Calls over the transport that upstreams are asked by: pooled, nothing added, nothing decoded. */
export function createHttpCaller(transport: Sender): HttpCaller {
  return async (call) => {
    const { url, method, timeout } = call
    const secure = url.protocol === 'https:'
    const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname
    const result = await transport.send({
      scheme: secure ? 'https' : 'http',
      host,
      port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
      method,
      target: url.pathname + url.search,
      headers: headersFor(call),
      body: call.body,
      connectTimeout: call.connectTimeout ?? timeout,
      writeTimeout: call.writeTimeout ?? timeout,
      readTimeout: timeout,
      upgrade: false,
      fresh: false,
      ...(secure
        ? { tls: { serverName: call.serverName ?? host, verify: verifies(call, transport) } }
        : {}),
      ...(call.proxy === undefined ? {} : { proxy: call.proxy }),
      ...(call.client === undefined ? {} : { client: call.client }),
    })
    if (!result.ok) throw new CallFailed(result, call)
    return replyOf(result)
  }
}

function verifies({ tlsVerify = true }: HttpCall, { caps }: Pick<Sender, 'caps'>): boolean {
  return tlsVerify || !caps.verifyOff
}

function headersFor({ url, headers = [], body, method }: HttpCall): HeaderList {
  const given = headersIn(headers)
  const list: HeaderList = given.has('host') ? [] : ['Host', url.host]
  list.push(...headers)
  if (given.has('content-length')) return list
  if (body instanceof Uint8Array) list.push('Content-Length', `${body.length}`)
  else if (body === undefined && method !== 'GET' && method !== 'HEAD') {
    list.push('Content-Length', '0')
  }
  return list
}

function replyOf({ status, reason, headers, body }: Incoming): HttpReply {
  return {
    status,
    reason,
    headers: headersIn(headers),
    body,
    bytes: (limit) => wholeBody(body, limit),
    drop: () => dropBody(body),
  }
}

async function wholeBody(body: Body | undefined, limit: number): Promise<Uint8Array> {
  if (body === undefined) return new Uint8Array()
  const read = await readUpTo(body, limit)
  if ('whole' in read) return read.whole
  dropBody(read.rest)
  throw new Error(`the answer is longer than ${limit} bytes`)
}

import type { HeaderList } from '../../src/lib/header-list.ts'
import type { Failure, Incoming, Outgoing, Transport } from '../../src/ports/transport.ts'
import { lengthOf, streamOf, type WorkersTunnel } from './answer.ts'
import { byteTextOf, textOf } from './byte-text.ts'
import { passThrough } from './pass-through.ts'
import type { Connect } from './platform.ts'
import { ReadClock } from './read-clock.ts'
import { createRounds, type Rounds } from './rounds.ts'
import { probeTcp } from './tcp-probe.ts'

/** What the fetch transport is told about where it runs. */
export interface FetchTransportOptions {
  readonly connect: Connect
  /** Cloudflare refuses to fetch from an address; plain workerd does not. */
  readonly ipTargets: boolean
  /** Holds the request that is being served open until the work is done. */
  readonly keep: (work: Promise<unknown>) => void
}

/** What `fetch` takes on Workers beyond the standard. */
interface WorkersRequestInit extends RequestInit {
  /** The body is handed on as it came: neither decoded nor encoded again. */
  readonly encodeResponseBody: 'manual'
}

/** Headers that `fetch` drops or writes by itself. Host is always the URL's. */
const OWNED_BY_FETCH = new Set([
  'host',
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'content-length',
])

/** Sends by `fetch`, the one way out of a Worker that keeps connections. */
export function createFetchTransport(options: FetchTransportOptions): Transport {
  const rounds = createRounds(options.keep)
  return {
    caps: {
      hostHeader: false,
      ipTargets: options.ipTargets,
      verifyOff: false,
      customCa: false,
      clientCertificate: false,
      phases: false,
      tcpProbe: true,
    },
    send: (outgoing) => send(outgoing, rounds),
    probe: (host, port, timeout) => probeTcp(options.connect, { host, port, timeout }),
    close: async () => {},
  }
}

/** Why a call ends whose upload broke off. */
const UPLOAD_CUT = new Error('The client broke off its upload')

async function send(outgoing: Outgoing, rounds: Rounds): Promise<Incoming | Failure> {
  // Rather nowhere than by another way than the one asked for.
  if (outgoing.proxy !== undefined) return NO_PROXY
  const call = new AbortController()
  const { client, readTimeout: timeout } = outgoing
  // What no client asks for may be a probe's, which no request need wait for.
  const clock = new ReadClock({ timeout, call, rounds: client === undefined ? undefined : rounds })
  return new Promise((resolve) => {
    const settle = (result: Incoming | Failure): void => {
      clock.stop()
      resolve(result)
    }
    const fail = (error: unknown): void => {
      const byClient = client?.gone === true || call.signal.reason === UPLOAD_CUT
      settle(failureOf(error, clock.expired, byClient))
    }
    // Of a client that left there is nothing more to come, not even the end of the call: the runtime
    // lets no more of its request run than what follows from here at once.
    client?.onGone(() => {
      call.abort()
      fail(call.signal.reason)
    })
    ask(outgoing, call, clock).then(settle, fail)
  })
}

async function ask(outgoing: Outgoing, call: AbortController, clock: ReadClock): Promise<Incoming> {
  return incomingOf(await fetch(urlOf(outgoing), initOf(outgoing, call, clock)))
}

function urlOf({ scheme, host, port, target }: Outgoing): string {
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  // A URL would end at the first `#`; a request target has none.
  return `${scheme}://${name}:${port}${target.replaceAll('#', '%23')}`
}

function initOf(outgoing: Outgoing, call: AbortController, clock: ReadClock): RequestInit {
  const init: WorkersRequestInit = {
    method: outgoing.method,
    headers: headersOf(outgoing),
    redirect: 'manual',
    signal: call.signal,
    encodeResponseBody: 'manual',
    // Null is none.
    body: bodyOf(outgoing, call, clock) ?? null,
  }
  return init
}

function headersOf(outgoing: Outgoing): Headers {
  const headers = new Headers()
  for (let i = 0; i < outgoing.headers.length; i += 2) {
    const name = (outgoing.headers[i] ?? '').toLowerCase()
    if (OWNED_BY_FETCH.has(name) || (name === 'upgrade' && !outgoing.upgrade)) continue
    headers.append(name, textOf(outgoing.headers[i + 1] ?? ''))
  }
  return headers
}

function bodyOf(outgoing: Outgoing, call: AbortController, clock: ReadClock): BodyInit | undefined {
  const { body, method } = outgoing
  // `fetch` cannot send a body with these.
  if (body === undefined || method === 'GET' || method === 'HEAD') {
    clock.start()
    return undefined
  }
  if (body instanceof Uint8Array) {
    clock.start()
    // A Uint8Array over a plain ArrayBuffer: nothing here makes shared ones.
    return body as Uint8Array<ArrayBuffer>
  }
  const { readable, writable } = passThrough(lengthOf(outgoing.headers))
  // workerd ends a chunked body that failed as if it were whole: only the call's end says it is not.
  streamOf(body)
    .pipeTo(writable)
    .then(
      () => clock.start(),
      () => call.abort(UPLOAD_CUT),
    )
  return readable
}

function incomingOf(response: Response): Incoming {
  const headers: HeaderList = []
  response.headers.forEach((value, name) => {
    headers.push(name, byteTextOf(value))
  })
  const { webSocket } = response as { readonly webSocket?: unknown }
  const tunnel: WorkersTunnel | undefined = webSocket ? { kind: 'workers', webSocket } : undefined
  return {
    ok: true,
    status: response.status,
    reason: response.statusText,
    httpVersion: '1.1',
    headers,
    // Not looked at: what passes untouched costs least.
    body: response.body ?? undefined,
    ...(tunnel === undefined ? {} : { tunnel }),
  }
}

const NO_PROXY: Failure = {
  ok: false,
  phase: 'connect',
  code: 'NO_PROXY_HERE',
  timeout: false,
  reused: false,
  byClient: false,
}

/** Refused, reset and lost look alike here, so nothing is said to have failed before it was sent. */
function failureOf(error: unknown, timeout: boolean, byClient: boolean): Failure {
  const said = error instanceof Error ? error.message : String(error)
  const code = timeout ? 'ETIMEDOUT' : codeOf(said)
  return { ok: false, phase: 'head', code, timeout, reused: false, byClient }
}

function codeOf(said: string): string {
  return /connection lost/i.test(said) ? 'ECONNRESET' : 'EFETCH'
}

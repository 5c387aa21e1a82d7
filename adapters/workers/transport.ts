import { toByteString } from '../../src/lib/byte-string.ts'
import type { HeaderList } from '../../src/lib/header-list.ts'
import { messageOf } from '../../src/lib/message-of.ts'
import type { Failure, Incoming, Outgoing, Transport } from '../../src/ports/transport.ts'
import { type Fetched, lengthOf, streamOf, type WorkersTunnel } from './answer.ts'
import { type CallParts, initOf, urlOf } from './fetch-init.ts'
import { passThrough } from './pass-through.ts'
import type { Connect } from './platform.ts'
import { isLong, ReadClock } from './read-clock.ts'
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
      dearDepartures: true,
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
  const { body, readTimeout, lost } = outgoing
  const whole = body === undefined || body instanceof Uint8Array
  return lost !== undefined && whole && isLong(readTimeout)
    ? sendUnheard(outgoing, { rounds, lost })
    : sendHeard(outgoing, rounds)
}

interface Unheard {
  readonly rounds: Rounds
  readonly lost: () => void
}

/**
 * Sends without a signal and without listening to the client: the two cost a request a fifth of its
 * price. The platform ends what is under way with the request it belongs to, and so a call that was
 * late as well.
 */
function sendUnheard(outgoing: Outgoing, { rounds, lost }: Unheard): Promise<Incoming | Failure> {
  return new Promise((resolve) => {
    const expire = () => resolve(failureOf('timed out', true, false))
    const clock = new ReadClock({ timeout: outgoing.readTimeout, expire, rounds, lost })
    clock.start()
    ask(outgoing, { body: wholeBody(outgoing) }).then(
      (response) => {
        clock.stop()
        if (clock.expired) letGo(response)
        else resolve(incomingOf(response))
      },
      (error) => {
        clock.stop()
        resolve(failureOf(error, false, outgoing.client?.gone === true))
      },
    )
  })
}

/** Of an answer nobody waits for any more. */
function letGo({ body }: Response): void {
  void body?.cancel().catch(() => {})
}

function sendHeard(outgoing: Outgoing, rounds: Rounds): Promise<Incoming | Failure> {
  const call = new AbortController()
  const { client, readTimeout: timeout } = outgoing
  const clock = new ReadClock({
    timeout,
    expire: () => call.abort(),
    // What no client asks for may be a probe's, which no request need wait for.
    rounds: client === undefined ? undefined : rounds,
  })
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
    const body = bodyOf(outgoing, call, clock)
    ask(outgoing, { body, signal: call.signal }).then(
      (response) => settle(incomingOf(response)),
      fail,
    )
  })
}

/** Rejects for what cannot be sent as well. */
function ask(outgoing: Outgoing, parts: CallParts): Promise<Response> {
  try {
    return fetch(urlOf(outgoing), initOf(outgoing, parts))
  } catch (error) {
    return Promise.reject(error)
  }
}

/** What goes as it is; undefined for nothing, and where `fetch` cannot send a body. */
function wholeBody({ body, method }: Outgoing): BodyInit | undefined {
  if (!(body instanceof Uint8Array) || method === 'GET' || method === 'HEAD') return undefined
  // A Uint8Array over a plain ArrayBuffer: nothing here makes shared ones.
  return body as Uint8Array<ArrayBuffer>
}

function bodyOf(outgoing: Outgoing, call: AbortController, clock: ReadClock): BodyInit | undefined {
  const { body, method } = outgoing
  const none = body === undefined || method === 'GET' || method === 'HEAD'
  if (none || body instanceof Uint8Array) {
    clock.start()
    return wholeBody(outgoing)
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

function incomingOf(response: Response): Fetched {
  const headers: HeaderList = []
  response.headers.forEach((value, name) => {
    headers.push(name, toByteString(value))
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
    response,
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
  const said = messageOf(error)
  const code = timeout ? 'ETIMEDOUT' : codeOf(said)
  return { ok: false, phase: 'head', code, timeout, reused: false, byClient }
}

function codeOf(said: string): string {
  return /connection lost/i.test(said) ? 'ECONNRESET' : 'EFETCH'
}

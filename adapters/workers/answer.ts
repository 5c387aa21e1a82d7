import { headerTable } from '../../src/http/header-table.ts'
import type { Body, ByteStream } from '../../src/lib/bytes.ts'
import { type HeaderList, headerOf } from '../../src/lib/header-list.ts'
import type { Answer, Tunnel } from '../../src/ports/server.ts'
import type { Incoming } from '../../src/ports/transport.ts'
import { appendHeaders, editHeaders, headerEdit, type Wanted } from './header-edit.ts'
import { passThrough } from './pass-through.ts'
import { isSmall, smallBody } from './small-body.ts'

/** A WebSocket to the upstream; the runtime joins it with the client's. */
export interface WorkersTunnel extends Tunnel {
  readonly kind: 'workers'
  readonly webSocket: unknown
}

/** An upstream's answer, and what `fetch` gave for it. */
export interface Fetched extends Incoming {
  readonly response: Response
}

/** What `new Response` takes on Workers beyond the standard. */
interface WorkersResponseInit extends ResponseInit {
  /** The body is encoded as its Content-Encoding says already. */
  readonly encodeBody: 'manual'
  webSocket?: unknown
}

/** Headers that the runtime writes by itself. */
const FRAMING = headerTable<true>([
  ['connection', true],
  ['keep-alive', true],
  ['transfer-encoding', true],
  ['trailer', true],
  ['upgrade', true],
])

/** The statuses `new Response` refuses a body for. */
const WITHOUT_BODY = new Set([101, 204, 205, 304])

/** The core's answer as a Worker returns it. `keep` holds the request open until its work is done. */
export function responseOf(answer: Answer, keep: Keep): Response | Promise<Response> {
  const body = bodyOf(answer, keep)
  if (body instanceof Promise) return body.then((ready) => responseWith(answer, ready))
  return responseWith(answer, body)
}

type Keep = (work: Promise<unknown>) => void

function responseWith(answer: Answer, body: BodyInit | null): Response {
  return passedOn(answer, body) ?? newResponse(answer, body)
}

/**
 * What was fetched, with our headers in place of those that go: what stays is copied inside of the
 * runtime. Undefined where it is none such.
 */
function passedOn(answer: Answer, body: BodyInit | null): Response | undefined {
  const { incoming, status, reason, headers, tunnel } = answer
  if (incoming === undefined || !isFetched(incoming) || tunnel !== undefined) return undefined
  if (incoming.status !== status || incoming.reason !== reason) return undefined
  const wanted: Wanted = { headers, owns: isFraming }
  const edit = headerEdit(incoming.headers, wanted)
  if (edit === undefined) return undefined

  // Its status, and that its body is encoded already, go with it.
  const response = new Response(body, incoming.response)
  editHeaders(response.headers, wanted, edit)
  return dated(response, headers)
}

function isFetched(incoming: Incoming): incoming is Fetched {
  return 'response' in incoming
}

function newResponse(answer: Answer, body: BodyInit | null): Response {
  const { tunnel } = answer
  const init: WorkersResponseInit = {
    // 600 and above cannot be said here.
    status: answer.status > 599 ? 502 : answer.status,
    encodeBody: 'manual',
  }
  // Left out, it is the status' usual one.
  if (answer.reason !== '') init.statusText = answer.reason
  if (isWorkersTunnel(tunnel)) init.webSocket = tunnel.webSocket
  const response = new Response(body, init)
  // Headers of our own making would be copied one by one.
  appendHeaders(response.headers, { headers: answer.headers, owns: isFraming })
  return dated(response, answer.headers)
}

/** Cloudflare adds a Date, plain workerd none. */
function dated(response: Response, headers: HeaderList): Response {
  if (headerOf(headers, 'date') === undefined) response.headers.append('date', dateOf(Date.now()))
  return response
}

function isFraming(name: string): boolean {
  return FRAMING.find(name) === true
}

let dateSecond = Number.NaN
let dateText = ''

/** Written once a second. */
function dateOf(now: number): string {
  const second = Math.floor(now / 1000)
  if (second !== dateSecond) {
    dateSecond = second
    dateText = new Date(now).toUTCString()
  }
  return dateText
}

function isWorkersTunnel(tunnel: Tunnel | undefined): tunnel is WorkersTunnel {
  return tunnel?.kind === 'workers'
}

function bodyOf(answer: Answer, keep: Keep): BodyInit | null | Promise<BodyInit> {
  const { body, finished } = answer
  if (body === undefined || WITHOUT_BODY.has(answer.status)) {
    // Nobody tells when a WebSocket closes.
    finished?.(true)
    return null
  }
  if (!(body instanceof ReadableStream)) return sent(body, answer, keep)
  if (finished === undefined) return body

  const length = lengthOf(answer.headers)
  if (!isSmall(length)) return sent(body, answer, keep)
  if (answer.unwatched === true) {
    // It has mostly come along with its head, and passes outside of our code.
    finished(true)
    return body
  }
  const reading = smallBody(body, length)
  // Of a client that leaves meanwhile the end is told as well.
  keep(reading)
  return reading.then((ready) => sent(ready, answer, keep))
}

/** A body that says when it has left. */
function sent(body: Body, { headers, finished }: Answer, keep: Keep): BodyInit {
  if (body instanceof Uint8Array) {
    finished?.(true)
    // A Uint8Array over a plain ArrayBuffer: nothing here makes shared ones.
    return body as Uint8Array<ArrayBuffer>
  }
  const { readable, writable } = passThrough(lengthOf(headers))
  keep(
    streamOf(body)
      .pipeTo(writable)
      .then(
        () => finished?.(true),
        () => finished?.(false),
      ),
  )
  return readable
}

/** How long a message's headers say that its body is. */
export function lengthOf(headers: HeaderList): number | undefined {
  const length = headerOf(headers, 'content-length')
  return length === undefined ? undefined : Number(length)
}

/** A body as a stream of the runtime; one that is, stays what it is. */
export function streamOf(body: ByteStream): ReadableStream<Uint8Array> {
  if (body instanceof ReadableStream) return body
  const iterator = body[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next()
      if (next.done === true) controller.close()
      else controller.enqueue(next.value)
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}

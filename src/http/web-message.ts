import type { ByteStream } from '../lib/bytes.ts'
import { type HeaderList, headerOf } from '../lib/header-list.ts'
import { joinBytes } from '../lib/join-bytes.ts'
import { escapeHighBytes } from '../lib/percent-encoded.ts'
import type { Answer, ClientRequest, Departure, RequestBody } from '../ports/server.ts'

/** What a web Request cannot tell of where it came from. */
export interface ClientFacts {
  readonly ip?: string
  readonly port?: number
  readonly localPort?: number
  readonly scheme?: 'http' | 'https'
  readonly httpVersion?: ClientRequest['httpVersion']
  readonly sni?: string
  /** The request target as received; the URL's when absent. */
  readonly target?: string
}

const WITHOUT_BODY = new Set([204, 205, 304])

/** A web Request as the core takes it. */
export function fromWebRequest(request: Request, client: ClientFacts = {}): ClientRequest {
  const start = request.url.indexOf('//') + 2
  const scheme = client.scheme ?? (request.url.startsWith('https:') ? 'https' : 'http')
  const authority = until(request.url.slice(start), '/?#')
  const headers = byteHeaders(request.headers)
  if (headerOf(headers, 'host') === undefined) headers.push('Host', authority)

  return {
    method: request.method,
    target: client.target ?? bytesOf(targetAfter(request.url.slice(start + authority.length))),
    headers,
    httpVersion: client.httpVersion ?? '1.1',
    scheme,
    ip: client.ip ?? '',
    port: client.port ?? 0,
    localPort: client.localPort ?? portOf(authority, scheme),
    ...(client.sni === undefined ? {} : { sni: client.sni }),
    body: requestBody(request, headerOf(headers, 'content-length')),
    upgrade: false,
    get gone() {
      return request.signal.aborted
    },
    onGone(listener) {
      request.signal.addEventListener('abort', () => listener(), { once: true })
    },
  }
}

function targetAfter(rest: string): string {
  const target = until(rest, '#')
  return target.startsWith('/') ? target : `/${target}`
}

function until(text: string, marks: string): string {
  let end = text.length
  for (const mark of marks) {
    const at = text.indexOf(mark)
    if (at >= 0 && at < end) end = at
  }
  return text.slice(0, end)
}

function portOf(authority: string, scheme: 'http' | 'https'): number {
  const written = authority.slice(authority.lastIndexOf(']') + 1).split(':')[1]
  return written === undefined ? (scheme === 'https' ? 443 : 80) : Number(written)
}

/** A web Request's body, of this Content-Length; its stream is the request's own. */
export function requestBody(request: Request, length: string | undefined): RequestBody | undefined {
  const { body } = request
  if (body === null) return undefined
  return {
    length: length !== undefined && /^\d+$/.test(length) ? Number(length) : undefined,
    bytes: async () => new Uint8Array(await request.arrayBuffer()),
    stream: () => body,
  }
}

/**
 * The core's request as a web Request, for what speaks only that; its Host is not to be trusted.
 * `method` stands for one that a Request cannot tell.
 */
export function toWebRequest(request: ClientRequest, method = request.method): Request {
  const headers = webHeaders(request.headers)
  const host = headers.get('host') ?? 'localhost'
  const target = request.target.startsWith('/') ? escapeHighBytes(request.target) : '/'
  const bodyless = request.method === 'GET' || request.method === 'HEAD'
  const body = bodyless ? undefined : request.body
  // `duplex` is required of a stream, and unknown to the DOM's types.
  const init: RequestInit & { duplex?: 'half' } = {
    method,
    headers,
    signal: signalOf(request),
  }
  if (body !== undefined) {
    init.body = streamOf(body.stream())
    init.duplex = 'half'
  }
  return new Request(urlOf(request.scheme, host, target), init)
}

function urlOf(scheme: string, host: string, target: string): string {
  const url = `${scheme}://${host}${target}`
  const sound = !/[\s/\\?#@]/.test(host) && URL.canParse(url)
  return sound ? url : `${scheme}://localhost${target}`
}

function signalOf(client: Departure): AbortSignal {
  const leaving = new AbortController()
  if (client.gone) leaving.abort()
  else client.onGone(() => leaving.abort())
  return leaving.signal
}

/** A web Response as an answer. One of unknown length is read ahead a little: most end within it. */
export async function fromWebResponse(response: Response): Promise<Answer> {
  const headers = byteHeaders(response.headers)
  const { status, statusText, body } = response
  const answer = { status, reason: bytesOf(statusText), headers }
  if (body === null) return { ...answer, body: undefined }
  if (headerOf(headers, 'content-length') !== undefined) return { ...answer, body }

  const start = await readAhead(body)
  if (!(start instanceof Uint8Array)) return { ...answer, body: start }
  headers.push('Content-Length', `${start.length}`)
  return { ...answer, body: start }
}

const AHEAD = 65_536

async function readAhead(body: ReadableStream<Uint8Array>): Promise<Uint8Array | ByteStream> {
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  for (let size = 0; size <= AHEAD; ) {
    const next = await reader.read()
    if (next.done) return joinBytes(chunks)
    chunks.push(next.value)
    size += next.value.length
  }
  return replayed(chunks, reader)
}

async function* replayed(
  chunks: readonly Uint8Array[],
  reader: ReadableStreamDefaultReader<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } finally {
    // After the end this does nothing; before it, the sender learns that nobody reads on.
    await reader.cancel().catch(() => {})
  }
}

/**
 * An answer as a web Response. What Response cannot say becomes 502, a tunnel included. A web
 * stream goes through untouched, so its answer counts as finished once the head is handed over.
 */
export function toWebResponse(answer: Answer): Response {
  const sayable = answer.status >= 200 && answer.status <= 599
  return new Response(webBody(answer, sayable), {
    status: sayable ? answer.status : 502,
    statusText: /^[\t\x20-\x7e\x80-\xff]*$/.test(answer.reason) ? answer.reason : '',
    headers: webHeaders(answer.headers),
  })
}

function webBody({ status, body, finished }: Answer, sayable: boolean): BodyInit | null {
  if (body === undefined || !sayable || WITHOUT_BODY.has(status)) {
    finished?.(sayable)
    return null
  }
  if (body instanceof Uint8Array || body instanceof ReadableStream) {
    finished?.(true)
    // A Uint8Array over a plain ArrayBuffer: nothing here makes shared ones.
    return body as Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>
  }
  return streamOf(body, finished)
}

/** A body as a web stream, which pulls; one that is a web stream already stays itself. */
function streamOf(body: ByteStream, finished?: (whole: boolean) => void): ReadableStream {
  if (body instanceof ReadableStream) return body
  const iterator = body[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await iterator.next()
        if (next.done !== true) return controller.enqueue(next.value)
        finished?.(true)
        controller.close()
      } catch (error) {
        finished?.(false)
        controller.error(error)
      }
    },
    async cancel() {
      finished?.(false)
      await iterator.return?.()
    },
  })
}

function byteHeaders(headers: Headers): HeaderList {
  const list: HeaderList = []
  headers.forEach((value, name) => {
    list.push(name, bytesOf(value))
  })
  return list
}

function webHeaders(list: HeaderList): Headers {
  const headers = new Headers()
  for (let i = 0; i < list.length; i += 2) headers.append(list[i] as string, list[i + 1] as string)
  return headers
}

/** Some runtimes decode header bytes as UTF-8; such text becomes bytes again, one char each. */
function bytesOf(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0xff) return String.fromCharCode(...new TextEncoder().encode(text))
  }
  return text
}

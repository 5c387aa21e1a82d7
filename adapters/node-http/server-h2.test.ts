import { Buffer } from 'node:buffer'
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2'
import { afterEach, describe, expect, it } from 'vitest'
import type { Answer, ClientRequest } from '../../src/ports/server.ts'
import { SERVER_CERT, SERVER_KEY } from './certificates.fixture.ts'
import { rawClient, textOf } from './raw-peers.fixture.ts'
import { type Listening, type ListenOptions, listen } from './server.ts'
import { readStreamHead } from './server-h2-head.ts'

const open: Listening[] = []
const sessions: ClientHttp2Session[] = []

afterEach(async () => {
  for (const session of sessions.splice(0)) session.destroy()
  await Promise.all(open.splice(0).map((listening) => listening.stop(0)))
})

async function serve(handle: ListenOptions['handle'], more: Partial<ListenOptions> = {}) {
  const listening = await listen({ host: '127.0.0.1', port: 0, http2: true, handle, ...more })
  open.push(listening)
  const scheme = more.tls === undefined ? 'http' : 'https'
  const url = `${scheme}://127.0.0.1:${listening.port}`
  const session = connect(url, { rejectUnauthorized: false, servername: 'up.test' })
  session.on('error', () => {})
  sessions.push(session)
  await new Promise<void>((resolve) => session.once('connect', () => resolve()))
  return { session, listening }
}

interface Seen {
  readonly interim: number[]
  status: number
  headers: string[]
  trailers: string[]
  body: string
  code: number
}

/** Sends a request and reads all that comes until the stream is closed. */
function ask(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders = {},
  send?: (stream: ClientHttp2Stream) => void,
): Promise<Seen> {
  const seen: Seen = { interim: [], status: 0, headers: [], trailers: [], body: '', code: 0 }
  const stream = session.request({ ':path': '/', ...headers }, { endStream: send === undefined })
  send?.(stream)
  stream.on('headers', (fields) => seen.interim.push(Number(fields[':status'])))
  stream.on(
    'response',
    (fields: IncomingHttpHeaders & { ':status'?: number }, _flags: number, raw: string[]) => {
      seen.status = Number(fields[':status'])
      seen.headers = raw
    },
  )
  stream.on('trailers', (_fields, _flags, raw: string[]) => {
    seen.trailers = raw
  })
  stream.on('data', (chunk) => {
    seen.body += Buffer.from(chunk).toString('latin1')
  })
  stream.on('error', () => {})
  return new Promise((resolve) => {
    stream.on('close', () => resolve({ ...seen, code: stream.rstCode }))
  })
}

function reply(body: Answer['body'], more: Partial<Answer> = {}): Answer {
  return { status: 200, reason: '', headers: [], body, ...more }
}

const text = (chars: string) => Buffer.from(chars, 'latin1')

async function* streamOf(...chunks: (string | Error)[]): AsyncGenerator<Uint8Array, undefined> {
  for (const chunk of chunks) {
    if (chunk instanceof Error) throw chunk
    yield text(chunk)
  }
}

describe('HTTP/2', () => {
  it.each([
    ['in the clear', {}, 'http undefined'],
    ['over TLS', { tls: { cert: SERVER_CERT, key: SERVER_KEY } }, 'https up.test'],
  ])('is spoken %s, and its head is told in HTTP/1 words', async (_, more, told) => {
    const requests: ClientRequest[] = []
    const { session } = await serve((request) => {
      requests.push(request)
      return reply(text('ok'), { headers: ['X-B', '\xff', 'Set-Cookie', 'a', 'Set-Cookie', 'b'] })
    }, more)
    const headers = { ':path': '/%2e//x?', 'X-A': '\xe9', cookie: ['a=1', 'b=2'], te: 'trailers' }
    const seen = await ask(session, { ...headers, ':authority': 'a.test:80' })
    expect(seen).toMatchObject({ status: 200, body: 'ok', code: 0 })
    expect(seen.headers.join()).toContain('x-b,\xff,set-cookie,a,set-cookie,b,content-length,2')
    const [request] = requests
    expect(request).toMatchObject({ method: 'GET', target: '/%2e//x?', httpVersion: '2' })
    expect(`${request?.scheme} ${request?.sni}`).toBe(told)
    expect(request?.headers.slice(0, 2)).toEqual(['Host', 'a.test:80'])
    expect(request?.headers.join()).toContain('x-a,\xe9')
    expect(request?.headers.slice(-2)).toEqual(['cookie', 'a=1; b=2'])
    expect(request?.body).toBeUndefined()
  })

  it('passes a body and trailers in, a stream and trailers out', async () => {
    const { session } = await serve(async ({ body }) => {
      const sent = await textOf(body?.stream())
      const trailers = () => ['grpc-status', '0', 'Connection', 'x', ...(body?.trailers?.() ?? [])]
      return reply(streamOf('<', sent, '>'), { trailers })
    })
    const seen = await ask(session, { ':method': 'POST' }, (stream) => {
      stream.on('error', () => {})
      stream.write('abc')
      stream.end('def')
    })
    expect(seen).toMatchObject({ body: '<abcdef>', trailers: ['grpc-status', '0'] })
  })

  it.each<[string, Answer, Partial<Seen>]>([
    ['nothing', reply(undefined), { body: '', status: 200 }],
    ['nothing for 204', reply(text('x'), { status: 204 }), { body: '', status: 204 }],
    [
      'nothing but trailers',
      reply(undefined, { trailers: () => ['t', '1'] }),
      { trailers: ['t', '1'] },
    ],
    ['no trailers after all', reply(streamOf('x'), { trailers: () => [] }), { body: 'x', code: 0 }],
    ['a megabyte', reply(Buffer.alloc(1_000_000, 'x')), { body: 'x'.repeat(1_000_000) }],
    [
      'one value where there may be one',
      reply(undefined, { headers: ['Date', 'a', 'Date', 'b', 'Connection', 'x', 'X', '1'] }),
      { headers: [':status', '200', 'date', 'a', 'content-length', '0', 'x', '1'] },
    ],
    [
      '500 for a header that is none',
      reply(undefined, { headers: ['X', 'a\nb'] }),
      { status: 500 },
    ],
  ])('answers with %s', async (_, answer, expected) => {
    const { session } = await serve(() => answer)
    const seen = await ask(session)
    const sorted = { ...seen, headers: expected.headers === undefined ? [] : pairs(seen.headers) }
    const wanted = expected.headers === undefined ? {} : { headers: pairs(expected.headers) }
    expect(sorted).toMatchObject({ ...expected, ...wanted })
  })

  it.each([
    ['breaks off', reply(streamOf('abc', new Error('cut')))],
    ['is too short', reply(streamOf('abc'), { headers: ['Content-Length', '9'] })],
  ])('resets a stream whose body %s, and no other', async (_, answer) => {
    const ended: boolean[] = []
    const finished = (whole: boolean) => ended.push(whole)
    const { session } = await serve(({ target }) =>
      target === '/ok' ? reply(text('ok')) : { ...answer, finished },
    )
    expect((await ask(session)).code).toBe(constants.NGHTTP2_INTERNAL_ERROR)
    expect(ended).toEqual([false])
    expect((await ask(session, { ':path': '/ok' })).body).toBe('ok')
  })

  it('tells a handler of a client that takes its request back', async () => {
    const gone = await new Promise<boolean>((resolve) => {
      void serve((request) => {
        request.onGone(() => resolve(request.gone))
        return new Promise(() => {})
      }).then(({ session }) => {
        const stream = session.request({ ':path': '/' })
        stream.on('error', () => {})
        setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), 50)
      })
    })
    expect(gone).toBe(true)
  })

  it('passes a few hints on, however many an upstream has', async () => {
    const { session } = await serve((request) => {
      for (let hint = 0; hint < 1000; hint++) request.inform?.(103, ['Link', `</${hint}>`])
      return reply(Buffer.from('ok'))
    })
    expect((await ask(session)).interim).toHaveLength(32)
  })

  it('waits with 100 until the body is wanted, and passes hints on', async () => {
    const { session } = await serve(async (request) => {
      request.inform?.(103, ['Link', '</a.css>; rel=preload'])
      return reply(text(await textOf(request.body?.stream())))
    })
    const seen = await ask(session, { ':method': 'POST', expect: '100-continue' }, (stream) =>
      stream.on('continue', () => stream.end('body')),
    )
    expect(seen.body).toBe('body')
    expect(seen.interim).toContain(103)
  })

  it.each([
    ['announced', { 'content-length': '100' }],
    ['counted', {}],
  ])('refuses a body that is too long, %s', async (_, headers) => {
    const handle = async ({ body }: ClientRequest) => reply(text(await textOf(body?.stream())))
    const { session } = await serve(handle, { maxBody: 10 })
    const seen = await ask(session, { ':method': 'POST', ...headers }, (stream) => {
      stream.write('x'.repeat(100))
      stream.end()
    })
    expect(seen.status).toBe(413)
  })

  it('never takes a body that is cut for whole', async () => {
    const read = await new Promise<string>((resolve) => {
      void serve(async ({ body }) => {
        await textOf(body?.stream()).then(resolve, () => resolve('cut'))
        return reply(undefined)
      }).then(({ session }) => {
        // Without trailers to wait for node:http2 would end the stream before it resets it.
        const stream = session.request(
          { ':path': '/', ':method': 'POST' },
          { waitForTrailers: true },
        )
        stream.on('error', () => {})
        stream.write('half', () => setTimeout(() => stream.destroy(new Error('gone')), 20))
      })
    })
    expect(read).toBe('cut')
  })

  it.each<[string, Answer['body']]>([
    ['whole', Buffer.from('x'.repeat(500))],
    ['a stream', streamOf('x'.repeat(500))],
  ])('cuts off a client that takes no body, %s: it never looks like an end', async (_, body) => {
    let told: boolean | undefined
    const finished = (whole: boolean) => {
      told = whole
    }
    const { session } = await serve(() => reply(body, { finished }), {
      limits: { sendTimeout: 50 },
    })
    // So much it takes, and no more: it gives no room again while nobody reads.
    session.settings({ initialWindowSize: 100 })
    const stream = session.request({ ':path': '/' })
    let ended = false
    stream.on('end', () => {
      ended = true
    })
    stream.on('error', () => {})
    await new Promise<void>((resolve) => stream.on('close', () => resolve()))
    expect(stream.rstCode).not.toBe(constants.NGHTTP2_NO_ERROR)
    expect({ ended, told }).toEqual({ ended: false, told: false })
  })

  it('bounds what runs at once', async () => {
    let running = 0
    const waits: (() => void)[] = []
    const handle = async () => {
      running++
      await new Promise<void>((resolve) => waits.push(resolve))
      return reply(text('ok'))
    }
    const { session } = await serve(handle, { limits: { maxStreams: 3 } })
    const asked = Array.from({ length: 5 }, () => ask(session))
    await until(() => running === 3)
    for (const go of waits) go()
    const refused = constants.NGHTTP2_REFUSED_STREAM
    const timer = setInterval(() => waits.at(-1)?.(), 5)
    const ends = (await Promise.all(asked)).map(({ body, code }) => body || code)
    clearInterval(timer)
    expect(ends.slice(0, 3)).toEqual(['ok', 'ok', 'ok'])
    for (const end of ends) expect(['ok', refused]).toContain(end)
  })

  it('ends a connection that takes back what it asks for, over and over', async () => {
    const { session } = await serve(() => new Promise(() => {}), { limits: { maxResets: 20 } })
    const ended = new Promise((resolve) => session.on('close', () => resolve('ended')))
    const timer = setInterval(() => {
      for (let i = 0; i < 10 && !session.destroyed && !session.closed; i++) {
        const stream = session.request({ ':path': '/' })
        stream.on('error', () => {})
        setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), 3)
      }
    }, 5)
    expect(await ended).toBe('ended')
    clearInterval(timer)
  })

  it('refuses more headers than fit', async () => {
    const { session } = await serve(() => reply(text('served')))
    const headers = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`x-${i}`, 'y'.repeat(1000)]),
    )
    const seen = await ask(session, headers)
    expect(seen.body).not.toBe('served')
  })

  it('finishes what runs when it stops, and takes nothing new', async () => {
    let go: () => void = () => {}
    const wait = new Promise<void>((resolve) => {
      go = resolve
    })
    let started = false
    const { session, listening } = await serve(async () => {
      started = true
      await wait
      return reply(text('late'))
    })
    const asked = ask(session)
    await until(() => started)
    const stopped = listening.stop(5000)
    const left = new Promise((resolve) => session.on('goaway', resolve))
    await left
    go()
    expect((await asked).body).toBe('late')
    await stopped
  })

  it('takes a client that closes its side for gone', async () => {
    const { listening } = await serve(() => reply(undefined))
    const peer = rawClient(listening.port)
    peer.send('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0')
    await peer.until('\0\0\0\x04')
    peer.socket.end()
    await peer.closed
    expect(peer.ended).toBe(true)
  })

  it('closes an idle connection', async () => {
    const { session } = await serve(() => reply(undefined), { limits: { keepAliveTimeout: 100 } })
    await ask(session)
    await new Promise((resolve) => session.on('close', resolve))
  })
})

describe('a head', () => {
  const good = [':method', 'GET', ':path', '/', ':scheme', 'http', ':authority', 'a']
  it.each<[string, string[], number]>([
    ['that is sound', good, 0],
    ['with the same Host', [...good, 'host', 'A'], 0],
    ['with another Host', [...good, 'host', 'b'], 400],
    ['with two Hosts', [...good, 'host', 'a', 'host', 'a'], 400],
    ['without a Host', good.slice(0, 6), 400],
    ['with a Host alone', [...good.slice(0, 6), 'host', 'a'], 0],
    ['with a bad Host', [...good.slice(0, 7), 'a/b'], 400],
    ['with a connection header', [...good, 'connection', 'close'], 400],
    ['with an encoding', [...good, 'transfer-encoding', 'chunked'], 400],
    ['with another te', [...good, 'te', 'gzip'], 400],
    ['with a line end in a value', [...good, 'x', 'a\r\nb: c'], 400],
    ['with an upper-case name', [...good, 'X-A', 'b'], 400],
    ['with a colon in a name', [...good, 'a:b', 'c'], 400],
    ['with a space in its path', [':method', 'GET', ':path', '/ HTTP/1.1', ':authority', 'a'], 400],
    ['with a line end in its path', [':method', 'GET', ':path', '/\r\nx', ':authority', 'a'], 400],
    ['with an absolute path', [':method', 'GET', ':path', 'http://b/', ':authority', 'a'], 400],
    ['with a space in its method', [':method', 'GET /x', ':path', '/', ':authority', 'a'], 400],
    ['with two paths', [...good, ':path', '/x'], 400],
    ['with a pseudo header behind others', ['x', 'y', ...good], 400],
    ['with an unknown pseudo header', [...good, ':protocol', 'x'], 400],
    ['with two lengths', [...good, 'content-length', '1', 'content-length', '1'], 400],
    ['with a bad length', [...good, 'content-length', '+1'], 400],
    ['with one of each', [...good, 'authorization', 'a', 'if-match', 'b', 'if-range', 'c'], 0],
    ['with two authorizations', [...good, 'authorization', 'a', 'authorization', 'a'], 400],
    ['with two if-none-match', [...good, 'if-none-match', '"a"', 'if-none-match', '"b"'], 400],
    ['that connects', [':method', 'CONNECT', ':authority', 'a:1'], 405],
    ['of OPTIONS *', [':method', 'OPTIONS', ':path', '*', ':authority', 'a'], 0],
  ])('%s', (_, raw, status) => {
    expect(readStreamHead(raw, 32768).status).toBe(status)
  })
})

function pairs(headers: readonly string[]): string[] {
  return headers.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${headers[i + 1]}`] : [])).sort()
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5))
}

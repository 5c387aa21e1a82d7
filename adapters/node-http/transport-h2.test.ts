import { Buffer } from 'node:buffer'
import {
  constants,
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Outgoing } from '../../src/ports/transport.ts'
import { ROOT, SERVER_CERT, SERVER_KEY } from './certificates.fixture.ts'
import { outgoing } from './outgoing.fixture.ts'
import { IS_BUN } from './quirks.ts'
import { rawServer, textOf } from './raw-peers.fixture.ts'
import { createSocketTransport } from './transport.ts'

let transport = createSocketTransport()
const closing: (() => void)[] = []

afterEach(async () => {
  await transport.close()
  transport = createSocketTransport()
  for (const close of closing.splice(0)) close()
})

type Serve = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, raw: string[]) => void

async function upstream(serve: Serve, options: { tls?: boolean; streams?: number } = {}) {
  const sessions: ServerHttp2Session[] = []
  const sockets = new Set<Socket>()
  const settings = { maxConcurrentStreams: options.streams ?? 100 }
  const server: Http2Server =
    options.tls === true
      ? createSecureServer({ cert: SERVER_CERT, key: SERVER_KEY, settings })
      : createServer({ settings })
  server.on('connection', (socket: Socket) => sockets.add(socket))
  server.on('session', (session) => {
    session.on('error', () => {})
    sessions.push(session)
  })
  server.on('sessionError', () => {})
  server.on(
    'stream',
    (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
      stream.on('error', () => {})
      serve(stream, headers, raw)
    },
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  closing.push(() => {
    for (const session of sessions) session.destroy()
    server.close()
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    sessions,
    sockets,
  }
}

function send(port: number, more: Partial<Outgoing> = {}) {
  return transport.send(outgoing(port, { http2: true, ...more }))
}

async function read(port: number, more: Partial<Outgoing> = {}): Promise<string> {
  const result = await send(port, more)
  if (!result.ok) return `${result.phase} ${result.code}`
  return textOf(result.body).catch((error: Error) => `cut ${error.message}`)
}

const ok: Serve = (stream) => {
  stream.respond({ ':status': 200 })
  stream.end('ok')
}

async function* streamOf(...chunks: (string | Error)[]): AsyncGenerator<Uint8Array, undefined> {
  for (const chunk of chunks) {
    if (chunk instanceof Error) throw chunk
    yield Buffer.from(chunk)
  }
}

describe('an upstream that speaks HTTP/2', () => {
  it('gets the head as it is meant, and gives its own', async () => {
    const heads: string[][] = []
    const { port } = await upstream((stream, _headers, raw) => {
      heads.push(raw)
      stream.respond({ ':status': 299, 'x-b': '\xff', 'set-cookie': ['a', 'b'] })
      stream.end('body')
    })
    const headers = [
      'Host',
      'a.test:1',
      'Connection',
      'keep-alive',
      'X-A',
      '\xe9',
      'TE',
      'trailers',
    ]
    const result = await send(port, { headers, target: '/x?y' })
    expect(result).toMatchObject({ ok: true, status: 299, httpVersion: '2', reason: '' })
    expect(result.ok ? result.headers.join() : '').toContain('x-b,\xff,set-cookie,a,set-cookie,b')
    expect(heads[0]?.join()).toBe(
      ':method,GET,:path,/x?y,:scheme,http,:authority,a.test:1,x-a,\xe9,te,trailers',
    )
  })

  it('by ALPN over TLS, verified as asked', async () => {
    const { port } = await upstream(ok, { tls: true })
    const tls = { serverName: 'up.test', verify: true, ca: [ROOT] }
    expect(await read(port, { scheme: 'https', tls })).toBe('ok')
    const address = { serverName: '127.0.0.1', verify: false }
    expect(await read(port, { scheme: 'https', tls: address })).toBe('ok')
    const other = { ...tls, serverName: 'other.test' }
    expect(await send(port, { scheme: 'https', tls: other })).toMatchObject({ phase: 'tls' })
  })

  it('gets a body and trailers, and gives trailers back', async () => {
    const { port } = await upstream((stream) => {
      let body = ''
      let sent: string[] = []
      stream.on('trailers', (_trailers: unknown, _flags: unknown, raw: string[]) => {
        sent = raw
      })
      stream.on('data', (chunk) => {
        body += String(chunk)
      })
      stream.on('end', () => {
        stream.respond({ ':status': 200 }, { waitForTrailers: true })
        stream.on('wantTrailers', () =>
          stream.sendTrailers({ 'grpc-status': '0', 'x-sent': sent.join() }),
        )
        stream.end(`<${body}>`)
      })
    })
    for (const body of [Buffer.from('abcdef'), streamOf('abc', 'def')]) {
      const result = await send(port, { method: 'POST', body, trailers: () => ['X-T', '1'] })
      if (!result.ok) throw new Error(result.code)
      expect(await textOf(result.body)).toBe('<abcdef>')
      expect(result.trailers?.()).toEqual(['grpc-status', '0', 'x-sent', 'x-t,1'])
    }
  })

  it('serves many requests on one connection, and no more at once than it takes', async () => {
    const waiting: ServerHttp2Stream[] = []
    const { port, sessions } = await upstream(
      (stream, headers, raw) => {
        if (headers[':path'] === '/wait') waiting.push(stream)
        else ok(stream, headers, raw)
      },
      { streams: 2 },
    )
    expect(await read(port)).toBe('ok')
    const asked: Promise<string>[] = []
    for (const most of [2, 4]) {
      asked.push(...Array.from({ length: 2 }, () => read(port, { target: '/wait' })))
      while (waiting.length < most) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(sessions.length).toBeLessThan(4)
    for (const stream of waiting) ok(stream, {}, [])
    expect(await Promise.all(asked)).toEqual(['ok', 'ok', 'ok', 'ok'])
  })

  it.each<[string, (stream: ServerHttp2Stream, sockets: Iterable<Socket>) => void]>([
    ['a reset', (stream) => stream.destroy(new Error('cut'))],
    [
      'its connection',
      (_stream, sockets) => {
        for (const socket of sockets) socket.destroy()
      },
    ],
  ])('is never taken for whole when cut by %s', async (_, cut) => {
    const { port, sockets } = await upstream((stream) => {
      stream.respond({ ':status': 200 }, { waitForTrailers: true })
      stream.write('half', () => setTimeout(() => cut(stream, sockets), 20))
    })
    expect(await read(port)).toMatch(/^cut /)
  })

  it.each(['1', '9'])('is never taken for whole with a wrong length, %s', async (length) => {
    const { port } = await upstream((stream) => {
      stream.respond({ ':status': 200, 'content-length': length })
      stream.end('body')
    })
    expect(await read(port)).not.toBe('body')
  })

  it('says what it did not look at', async () => {
    const { port } = await upstream((stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM))
    const result = await send(port, { method: 'POST', body: Buffer.from('x') })
    // Bun's server ends the stream before it refuses it.
    expect(result).toMatchObject({ ok: false, ...(IS_BUN ? {} : { unprocessed: true }) })
  })

  it('is left when it says goodbye', async () => {
    const { port, sessions } = await upstream(ok)
    expect(await read(port)).toBe('ok')
    sessions[0]?.goaway()
    while ((await read(port)) !== 'ok' || sessions.length < 2) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })

  it('passes hints on', async () => {
    const { port } = await upstream((stream, headers, raw) => {
      stream.additionalHeaders({ ':status': 103, link: '</a>' })
      ok(stream, headers, raw)
    })
    const hints: unknown[] = []
    const inform = (status: number, headers: string[]) => hints.push([status, headers])
    expect(await read(port, { client: { gone: false, onGone: () => {}, inform } })).toBe('ok')
    expect(hints).toEqual([[103, ['link', '</a>']]])
  })

  it.each([
    { hints: 32, told: 'ok' },
    { hints: 33, told: 'head TOO_MANY_INTERIM' },
  ])('takes $hints interim answers as $told', async ({ hints, told }) => {
    const { port } = await upstream((stream, headers, raw) => {
      for (let i = 0; i < hints; i++) stream.additionalHeaders({ ':status': 103, link: `</${i}>` })
      ok(stream, headers, raw)
    })
    expect(await read(port)).toBe(told)
  })

  it.each<[string, Serve, Partial<Outgoing>]>([
    ['no head comes', () => {}, {}],
    [
      'it reads nothing',
      () => {},
      { method: 'POST', body: Buffer.alloc(1_000_000), writeTimeout: 100 },
    ],
  ])('times out when %s', async (_, serve, more) => {
    const { port } = await upstream(serve)
    const result = await send(port, { readTimeout: 100, ...more })
    expect(result).toMatchObject({ ok: false, timeout: true })
  })

  it('times out while its body stands', async () => {
    const { port } = await upstream((stream) => {
      stream.respond({ ':status': 200 })
      stream.write('half')
    })
    expect(await read(port, { readTimeout: 100 })).toBe('cut ETIMEDOUT')
  })

  it('never sees an upload that broke as whole', async () => {
    const ends: string[] = []
    const { port } = await upstream((stream) => {
      stream.on('data', () => {})
      stream.on('end', () => ends.push(stream.rstCode === 0 && !stream.closed ? 'whole' : 'cut'))
      stream.on('close', () => ends.push('closed'))
    })
    const body = streamOf('half', new Error('left'))
    expect(await send(port, { method: 'POST', body })).toMatchObject({ ok: false, byClient: true })
    while (!ends.includes('closed')) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(ends).not.toContain('whole')
  })

  it('fails as a value where nobody is, or speaks HTTP/1 alone', async () => {
    const server = await rawServer((peer) => {
      peer.send('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')
    })
    expect(await send(server.port)).toMatchObject({ ok: false })
    await server.close()
    const fresh = await send(server.port, { fresh: true })
    expect(fresh).toMatchObject({ ok: false, phase: 'connect' })
  })

  it('is let go when the client leaves', async () => {
    let closed = false
    const { port } = await upstream((stream) =>
      stream.on('close', () => {
        closed = true
      }),
    )
    let leave: () => void = () => {}
    const client = {
      gone: false,
      onGone: (listener: () => void) => {
        leave = listener
      },
    }
    setTimeout(() => leave(), 50)
    expect(await send(port, { client })).toMatchObject({ ok: false, byClient: true })
    while (!closed) await new Promise((resolve) => setTimeout(resolve, 5))
  })
})

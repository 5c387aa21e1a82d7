import { Buffer } from 'node:buffer'
import { afterEach, describe, expect, it } from 'vitest'
import type { Answer, ClientRequest } from '../../src/ports/server.ts'
import { type RawPeer, type RawServer, rawClient, rawServer } from './raw-peers.fixture.ts'
import { type Listening, listen } from './server.ts'
import { createSocketTransport } from './transport.ts'

const transport = createSocketTransport()
const upstreams: RawServer[] = []
const open: Listening[] = []
const peers: RawPeer[] = []

afterEach(async () => {
  for (const peer of peers.splice(0)) peer.socket.destroy()
  await Promise.all(open.splice(0).map((listening) => listening.stop(0)))
  await Promise.all(upstreams.splice(0).map((server) => server.close()))
})

/** The least a proxy does: no router, no retries. */
async function forward(request: ClientRequest, port: number): Promise<Answer> {
  const { method, target, headers, body, upgrade } = request
  const small = body?.length !== undefined && body.length < 65_536
  const result = await transport.send({
    scheme: 'http',
    host: '127.0.0.1',
    port,
    method,
    target,
    headers,
    body: small ? await body?.bytes() : body?.stream(),
    connectTimeout: 1000,
    writeTimeout: 1000,
    readTimeout: 1000,
    upgrade,
    fresh: false,
    client: request,
  })
  if (result.ok) return result
  return { status: result.timeout ? 504 : 502, reason: '', headers: [], body: undefined }
}

async function gateway(serve: (peer: RawPeer) => void | Promise<void>) {
  const upstream = await rawServer(serve)
  const listening = await listen({
    host: '127.0.0.1',
    port: 0,
    handle: (request) => forward(request, upstream.port),
  })
  upstreams.push(upstream)
  open.push(listening)
  const peer = rawClient(listening.port)
  peers.push(peer)
  return { peer, upstream, listening }
}

const GET = 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n'

describe('server and transport together', () => {
  it('pass a request and its answer', async () => {
    const { peer } = await gateway(async (up) => {
      await up.until('\r\n\r\n')
      up.send('HTTP/1.1 201 Made\r\nx-A: \xe9\r\nDate: d\r\nContent-Length: 3\r\n\r\n\xff\x00\r')
    })
    await peer.send(GET).until('\x00\r')
    expect(peer.text).toBe(
      'HTTP/1.1 201 Made\r\nx-A: \xe9\r\nDate: d\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\n\xff\x00\r',
    )
  })

  const H1 = 'HTTP/1.1'
  const KEEP = 'Connection: keep-alive'
  it.each<[string, string, string, string]>([
    [
      'early hints',
      GET,
      `${H1} 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nX: y\r\n\r\n${H1} 200 OK\r\nDate: d\r\nContent-Length: 2\r\n\r\nok`,
      `${H1} 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n${H1} 200 OK\r\nDate: d\r\nContent-Length: 2\r\n${KEEP}\r\n\r\nok`,
    ],
    [
      'no hints to HTTP/1.0',
      'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
      `${H1} 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n${H1} 200 OK\r\nDate: d\r\nContent-Length: 2\r\n\r\nok`,
      `${H1} 200 OK\r\nDate: d\r\nContent-Length: 2\r\n${KEEP}\r\n\r\nok`,
    ],
    [
      'no 100 that nobody asked for',
      GET,
      `${H1} 100 Continue\r\n\r\n${H1} 200 OK\r\nDate: d\r\nContent-Length: 2\r\n\r\nok`,
      `${H1} 200 OK\r\nDate: d\r\nContent-Length: 2\r\n${KEEP}\r\n\r\nok`,
    ],
    [
      'a range',
      GET,
      `${H1} 206 Partial Content\r\nDate: d\r\nContent-Range: bytes 1-2/9\r\nContent-Length: 2\r\n\r\nok`,
      `${H1} 206 Partial Content\r\nDate: d\r\nContent-Range: bytes 1-2/9\r\nContent-Length: 2\r\n${KEEP}\r\n\r\nok`,
    ],
    [
      'trailers',
      GET,
      `${H1} 200 OK\r\nDate: d\r\nTrailer: T\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nT: 1\r\n\r\n`,
      `${H1} 200 OK\r\nDate: d\r\nTrailer: T\r\n${KEEP}\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nT: 1\r\n\r\n`,
    ],
    [
      'a 304 with its length',
      GET,
      `${H1} 304 Not Modified\r\nDate: d\r\nContent-Length: 9\r\n\r\n`,
      `${H1} 304 Not Modified\r\nDate: d\r\nContent-Length: 9\r\n${KEEP}\r\n\r\n`,
    ],
    [
      'an answer to HEAD with its length',
      GET.replace('GET', 'HEAD'),
      `${H1} 200 OK\r\nDate: d\r\nContent-Length: 9\r\n\r\n`,
      `${H1} 200 OK\r\nDate: d\r\nContent-Length: 9\r\n${KEEP}\r\n\r\n`,
    ],
  ])('pass %s', async (_, asked, said, expected) => {
    const { peer } = await gateway(async (up) => {
      await up.until('\r\n\r\n')
      up.send(said)
    })
    peer.send(asked)
    while (peer.text.length < expected.length && !peer.ended) {
      await new Promise((resolve) => peer.socket.once('data', resolve))
    }
    expect(peer.text).toBe(expected)
  })

  it('pass a GET with a body', async () => {
    const { peer } = await gateway(async (up) => {
      await up.until('\r\n\r\nbody')
      up.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    })
    await peer.send(GET.replace('\r\n\r\n', '\r\nContent-Length: 4\r\n\r\nbody')).until('ok')
  })

  it('pass both bodies as they come', async () => {
    const { peer } = await gateway(async (up) => {
      await up.until('3\r\none\r\n')
      up.send('HTTP/1.1 200 OK\r\nDate: d\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n')
      await up.until('3\r\ntwo\r\n0\r\n\r\n')
      up.send('3\r\ntwo\r\n0\r\nT: 1\r\n\r\n')
    })
    peer.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n')
    await peer.until('3\r\none\r\n')
    await peer.send('3\r\ntwo\r\n0\r\n\r\n').until('3\r\ntwo\r\n0\r\nT: 1\r\n\r\n')
  })

  it.each([
    ['by length', 'Content-Length: 9\r\n\r\nhalf'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
  ])('never pass a cut answer %s as whole', async (_, rest) => {
    const { peer } = await gateway(async (up) => {
      await up.until('\r\n\r\n')
      up.socket.end(`HTTP/1.1 200 OK\r\n${rest}`)
    })
    expect(await peer.send(GET).closed).toBe('ECONNRESET')
    expect(peer.text).not.toContain('0\r\n\r\n')
  })

  it.each([
    ['by length', 'Content-Length: 100000\r\n\r\nhalf', 'half'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n', '4\r\nhalf\r\n'],
  ])('never pass a cut upload %s as whole', async (_, rest, end) => {
    let up: RawPeer | undefined
    const { peer } = await gateway(async (connection) => {
      up = connection
      await connection.until('half')
      peer.socket.destroy()
    })
    peer.send(`POST / HTTP/1.1\r\nHost: a\r\n${rest}`)
    while (up === undefined) await new Promise((resolve) => setImmediate(resolve))
    await up.closed
    expect(up.text.endsWith(end)).toBe(true)
  })

  it('let a client that stops reading hold the upstream back', async () => {
    const size = 64 * 1024 * 1024
    const { peer, upstream } = await gateway(async (up) => {
      await up.until('\r\n\r\n')
      up.send(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`)
      up.socket.write(Buffer.alloc(size))
    })
    peer.socket.pause()
    peer.send(GET)
    while (upstream.sockets.length === 0) await new Promise((resolve) => setImmediate(resolve))
    const [socket] = upstream.sockets
    for (let last = -1; last !== socket?.bytesWritten || last < 1000; ) {
      last = socket?.bytesWritten ?? 0
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(socket?.writableLength).toBeGreaterThan(size / 2)
    // Its departure frees the upstream.
    peer.socket.destroy()
    await new Promise((resolve) =>
      socket?.on('close', resolve).on('error', resolve).on('end', resolve),
    )
  })
})

describe('a WebSocket', () => {
  const ASK = 'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n\r\n'
  const AGREED = 'HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nX: \xe9\r\n\r\n'

  it('passes bytes both ways, those sent early too, and both ends', async () => {
    const { peer, upstream } = await gateway(async (up) => {
      expect(await up.until('\r\n\r\n')).toBe(ASK)
      up.send(`${AGREED}first`)
      await up.until('early')
      up.send('second')
      await up.until('last')
      up.socket.end('bye')
    })
    peer.send(`${ASK}early`)
    await peer.until('second')
    expect(peer.text).toBe(`${AGREED}firstsecond`)
    peer.socket.end('last')
    await peer.until('bye')
    expect(await peer.closed).toBe('end')
    expect(upstream.sockets[0]?.readableEnded).toBe(true)
  })

  it('passes much', async () => {
    const size = 4 * 1024 * 1024
    const { peer } = await gateway(async (up) => {
      await up.until('\r\n\r\n')
      up.send(AGREED)
      up.socket.write(Buffer.alloc(size, 'x'))
      up.socket.end('end')
    })
    await peer.send(ASK).until('end')
    expect(peer.text.length).toBe(AGREED.length + size + 3)
  })

  it.each([
    ['with a length', 'Content-Length: 2\r\n\r\nno', 'Content-Length: 2\r\n'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n', ''],
  ])('that is refused %s is answered and closed', async (_, rest, header) => {
    const { peer } = await gateway(async (up) => {
      await up.until('\r\n\r\n')
      up.send(`HTTP/1.1 403 No\r\nX: 1\r\n${rest}`)
    })
    expect(await peer.send(ASK).closed).toBe('end')
    expect(peer.text).toMatch(/^HTTP\/1.1 403 No\r\nX: 1\r\n/)
    expect(peer.text).toContain(`${header}`)
    expect(peer.text.endsWith('\r\n\r\nno')).toBe(true)
  })

  it.each(['client', 'upstream'])('ends on both sides when the %s breaks off', async (who) => {
    let up: RawPeer | undefined
    const { peer } = await gateway(async (connection) => {
      up = connection
      await connection.until('\r\n\r\n')
      connection.send(AGREED)
    })
    await peer.send(ASK).until('\r\n\r\n')
    if (who === 'client') peer.socket.resetAndDestroy()
    else up?.socket.resetAndDestroy()
    await (who === 'client' ? up?.closed : peer.closed)
  })

  it('that stays silent is closed after the read timeout', async () => {
    const { peer } = await gateway(async (up) => {
      await up.until('\r\n\r\n')
      up.send(AGREED)
    })
    await peer.send(ASK).until('\r\n\r\n')
    await peer.closed
  })

  it('that nobody agreed to yet frees the upstream when the client leaves', async () => {
    let up: RawPeer | undefined
    const { peer } = await gateway((connection) => {
      up = connection
    })
    peer.send(ASK)
    while (up === undefined) await new Promise((resolve) => setImmediate(resolve))
    peer.socket.destroy()
    await up.closed
  })
})

import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HttpProxy, Outgoing } from '../../src/ports/transport.ts'
import { ROOT, SERVER_CERT, SERVER_KEY } from './certificates.fixture.ts'
import { answerAll, left, outgoing } from './outgoing.fixture.ts'
import { type FakeProxy, openProxy } from './proxy.fixture.ts'
import { type RawPeer, type RawServer, rawServer, textOf } from './raw-peers.fixture.ts'
import { createSocketTransport } from './transport.ts'

const open: { close(): Promise<unknown> }[] = []
let transport = createSocketTransport()
let behind: Server
/** What those behind the proxy were asked, head and all. */
let asked: string[] = []

beforeEach(async () => {
  asked = []
  behind = createServer({ cert: SERVER_CERT, key: SERVER_KEY }, (request, response) => {
    asked.push(`${request.method} ${request.url} ${request.rawHeaders.join(' ')}`)
    response.end('secret')
  })
  await new Promise<void>((done) => behind.listen(0, '127.0.0.1', done))
})
afterEach(async () => {
  await transport.close()
  transport = createSocketTransport()
  behind.closeAllConnections()
  behind.close()
  await Promise.all(open.splice(0).map((server) => server.close()))
})

async function proxyTo({ port }: { readonly port: number }): Promise<FakeProxy> {
  const proxy = await openProxy(port)
  open.push(proxy)
  return proxy
}

async function raw(serve: (peer: RawPeer) => void | Promise<void>): Promise<RawServer> {
  const server = await rawServer(serve)
  open.push(server)
  return server
}

const TLS = { serverName: 'up.test', verify: true, ca: [ROOT] }

function by(port: number, more: Partial<Outgoing> = {}, proof: Partial<HttpProxy> = {}) {
  const proxy = { host: '127.0.0.1', port, ...proof }
  const headers = ['Host', 'up.test']
  const place = { scheme: 'https', host: 'up.test', tls: TLS } as const
  return transport.send(outgoing(443, { ...place, headers, proxy, ...more }))
}

const PLAIN = { scheme: 'http', port: 80, tls: undefined } as const
const behindPort = () => behind.address() as AddressInfo

describe('https by a proxy', () => {
  it('goes in a tunnel to the name, which the proxy looks up', async () => {
    const proxy = await proxyTo(behindPort())
    const result = await by(proxy.port, { target: '/a?b' }, { authorization: 'Basic bWU6cHc=' })
    expect(await textOf(result.ok ? result.body : undefined)).toBe('secret')
    expect(proxy.heads).toEqual([
      'CONNECT up.test:443 HTTP/1.1\r\nHost: up.test:443\r\nProxy-Authorization: Basic bWU6cHc=',
    ])
    expect(asked).toEqual(['GET /a?b Host up.test'])
  })

  it('names an address of IPv6 in brackets', async () => {
    const proxy = await proxyTo(behindPort())
    expect(await by(proxy.port, { host: '2001:db8::1', port: 8443 })).toMatchObject({ status: 200 })
    expect(proxy.heads[0]).toMatch(/^CONNECT \[2001:db8::1\]:8443 HTTP/)
  })

  it('proves who is behind it, not who it is', async () => {
    const proxy = await proxyTo(behindPort())
    const other = { ...TLS, serverName: 'other.test' }
    const { ca: _, ...untrusting } = TLS
    expect(await by(proxy.port, { tls: other })).toMatchObject({ ok: false, phase: 'tls' })
    expect(await by(proxy.port, { tls: untrusting })).toMatchObject({ ok: false, phase: 'tls' })
    expect(asked).toEqual([])
  })

  it('is asked for again on the same tunnel', async () => {
    const proxy = await proxyTo(behindPort())
    for (let count = 0; count < 3; count++) expect(await by(proxy.port)).toMatchObject({ ok: true })
    expect(proxy.heads).toHaveLength(1)
    await by(proxy.port, { fresh: true })
    expect(proxy.heads).toHaveLength(2)
  })

  it('leaves no tunnel behind when it closes, and notices when one is cut', async () => {
    const proxy = await proxyTo(behindPort())
    await by(proxy.port)
    behind.closeAllConnections()
    await left(proxy.server)
    expect(await by(proxy.port)).toMatchObject({ ok: true })
    const [, socket] = proxy.server.sockets
    const gone = new Promise((resolve) => socket?.on('close', resolve))
    await transport.close()
    await gone
    expect(proxy.heads).toHaveLength(2)
  })
})

describe('http by a proxy', () => {
  it.each([
    { host: 'up.test', port: 80, url: 'http://up.test/a?b' },
    { host: 'up.test', port: 8080, url: 'http://up.test:8080/a?b' },
    { host: '::1', port: 80, url: 'http://[::1]/a?b' },
  ])('asks for $url', async ({ host, port, url }) => {
    const heads: string[] = []
    const server = await raw(async (peer) => {
      heads.push(await peer.until('\r\n\r\n'))
      await answerAll(peer)
    })
    const place = { ...PLAIN, host, port, target: '/a?b', headers: ['Host', 'h'] }
    await by(server.port, place, { authorization: 'Basic x' })
    expect(heads).toEqual([
      `GET ${url} HTTP/1.1\r\nHost: h\r\nProxy-Authorization: Basic x\r\n\r\n`,
    ])
  })

  it('has an answer where the proxy refuses', async () => {
    const server = await raw((peer) =>
      answerAll(peer, 'HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n'),
    )
    expect(await by(server.port, PLAIN)).toMatchObject({ ok: true, status: 407 })
  })
})

describe('connections', () => {
  it.each<{ what: string; more?: Partial<Outgoing>; proof?: Partial<HttpProxy> }>([
    { what: 'without a proxy', more: { proxy: undefined, host: '127.0.0.1' } },
    { what: 'to another place', more: { host: 'other.test' } },
    { what: 'for somebody else', proof: { authorization: 'Basic y' } },
    { what: 'to the proxy by another name', proof: { host: 'localhost' } },
  ])('are not those $what', async ({ what, more, proof }) => {
    const server = await raw((peer) => answerAll(peer))
    const proxied = { ...PLAIN, port: server.port, host: '127.0.0.1' }
    await by(server.port, proxied, { authorization: 'Basic x' })
    await by(server.port, { ...proxied, ...more }, proof ?? { authorization: 'Basic x' })
    expect([what, server.sockets.length]).toEqual([what, 2])
    await by(server.port, proxied, { authorization: 'Basic x' })
    expect(server.sockets).toHaveLength(2)
  })
})

describe('a proxy that does not', () => {
  it.each([
    {
      why: 'know us',
      says: 'HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n\r\n',
      code: 'PROXY_ANSWERED_407',
    },
    { why: 'let us', says: 'HTTP/1.0 403 No\r\n\r\n', code: 'PROXY_ANSWERED_403' },
    { why: 'make up its mind', says: 'HTTP/1.1 100 Continue\r\n\r\n', code: 'PROXY_ANSWERED_100' },
    { why: 'speak HTTP', says: 'SSH-2.0-x\r\n', code: 'PROXY_NOT_HTTP' },
    { why: 'say what', says: 'HTTP/1.1 OK\r\n\r\n', code: 'PROXY_NOT_HTTP' },
    {
      why: 'stop',
      says: `HTTP/1.1 200 OK\r\nA: ${'a'.repeat(20_000)}`,
      code: 'PROXY_HEAD_TOO_LARGE',
    },
    {
      why: 'stop in time',
      says: `HTTP/1.1 200 OK\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`,
      code: 'PROXY_HEAD_TOO_LARGE',
    },
    {
      why: 'wait for us',
      says: 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n',
      code: 'PROXY_TALKS_ON',
    },
  ])('$why: $code', async ({ says, code }) => {
    const server = await raw(async (peer) => {
      await peer.until('\r\n\r\n')
      peer.send(says)
    })
    const failed = { ok: false, phase: 'connect', timeout: false, reused: false, byClient: false }
    expect(await by(server.port)).toEqual({ ...failed, code })
    await left(server)
  })

  it('stay is told', async () => {
    const server = await raw(async (peer) => {
      await peer.until('\r\n\r\n')
      peer.send('HTTP/1.1 20').socket.end()
    })
    expect(await by(server.port)).toMatchObject({ phase: 'connect', code: 'PROXY_CLOSED' })
  })

  it('stand is told', async () => {
    const server = await raw(() => {})
    await server.close()
    expect(await by(server.port)).toMatchObject({ phase: 'connect', code: 'ECONNREFUSED' })
    const nobody = { host: 'nobody.invalid' }
    expect(await by(server.port, {}, nobody)).toMatchObject({ phase: 'dns' })
  })

  it('answer costs the time to connect, and drops do not buy it more', async () => {
    const drops = 'HTTP/1.1 200 OK\r\nA: '
    const server = await raw((peer) => {
      let at = 0
      const dripping = setInterval(() => peer.send(drops[at++] ?? 'a'), 10)
      peer.socket.on('close', () => clearInterval(dripping))
    })
    const timedOut = { ok: false, phase: 'connect', code: 'ETIMEDOUT', timeout: true }
    expect(await by(server.port, { connectTimeout: 60 })).toMatchObject(timedOut)
    await left(server)
  })

  it('hold its tunnel is told', async () => {
    const server = await raw(async (peer) => {
      await peer.until('\r\n\r\n')
      peer.send('HTTP/1.1 200 OK\r\n\r\n')
      peer.take()
      await peer.until('up.test')
      peer.socket.resetAndDestroy()
    })
    expect(await by(server.port)).toMatchObject({ phase: 'tls', code: 'ECONNRESET' })
  })

  it('go on behind its tunnel is the handshake, which has its time too', async () => {
    const server = await raw(async (peer) => {
      await peer.until('\r\n\r\n')
      peer.send('HTTP/1.1 200 OK\r\n\r\n')
    })
    const timedOut = { ok: false, phase: 'tls', code: 'ETIMEDOUT', timeout: true }
    expect(await by(server.port, { connectTimeout: 60 })).toMatchObject(timedOut)
    await left(server)
  })
})

it('ends with the client', async () => {
  let leave = () => {}
  const client = {
    gone: false,
    onGone: (listener: () => void) => {
      leave = listener
    },
  }
  const server = await raw(async (peer) => {
    await peer.until('\r\n\r\n')
    leave()
  })
  expect(await by(server.port, { client })).toMatchObject({ ok: false, byClient: true })
  await left(server)
})

it.each<{ what: string; more: Partial<Outgoing> }>([
  { what: 'HTTP/2', more: { http2: true } },
  { what: 'a host that ends the line', more: { host: 'a\r\nX: 1' } },
  { what: 'a host that ends the line, in the open', more: { ...PLAIN, host: 'a\r\nX: 1' } },
])('sends nothing of $what', async ({ more }) => {
  const server = await raw(() => {})
  expect(await by(server.port, more)).toMatchObject({ ok: false, code: 'BAD_REQUEST' })
  expect(server.sockets).toEqual([])
})

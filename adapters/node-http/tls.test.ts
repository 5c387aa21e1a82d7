import { Buffer } from 'node:buffer'
import { connect, createServer, type Server, type TLSSocket } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import type { Outgoing, UpstreamTls } from '../../src/ports/transport.ts'
import { CLIENT_CERT, CLIENT_KEY, ROOT, SERVER_CERT, SERVER_KEY } from './certificates.fixture.ts'
import { outgoing } from './outgoing.fixture.ts'
import { IS_DENO } from './quirks.ts'
import { textOf } from './raw-peers.fixture.ts'
import { type Listening, listen } from './server.ts'
import { createSocketTransport } from './transport.ts'

const CLIENT = { id: 'c1', cert: CLIENT_CERT, key: CLIENT_KEY }

let transport = createSocketTransport()
const servers: Server[] = []
const open: Listening[] = []

afterEach(async () => {
  await transport.close()
  transport = createSocketTransport()
  for (const server of servers.splice(0)) server.close()
  await Promise.all(open.splice(0).map((listening) => listening.stop(0)))
})

/** A TLS upstream that answers with what it knows of its client. */
async function upstream(more: Parameters<typeof createServer>[0] = {}) {
  const seen: TLSSocket[] = []
  const server = createServer({ cert: SERVER_CERT, key: SERVER_KEY, ...more }, (socket) => {
    seen.push(socket)
    socket.on('error', () => {})
    socket.on('data', () => {
      const subject = socket.getPeerCertificate().subject
      const told = `${String(socket.servername)} ${String(subject?.CN)}`
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${told.length}\r\n\r\n${told}`)
    })
  })
  server.on('tlsClientError', () => {})
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  return { port: typeof address === 'object' && address !== null ? address.port : 0, seen }
}

function send(port: number, tls: UpstreamTls, more: Partial<Outgoing> = {}) {
  return transport.send(outgoing(port, { scheme: 'https', tls, ...more }))
}

describe('an upstream behind TLS', () => {
  it('is reached unverified, by the name asked for', async () => {
    const { port } = await upstream()
    const result = await send(port, { serverName: 'other.test', verify: false })
    expect(await textOf(result.ok ? result.body : undefined)).toMatch(/^other.test /)
  })

  it('is sent no name when that is an address', async () => {
    const { port } = await upstream()
    const result = await send(port, { serverName: '127.0.0.1', verify: false })
    expect(await textOf(result.ok ? result.body : undefined)).toMatch(/^(?:false|null|undefined|) /)
  })

  it.each<[string, UpstreamTls, boolean]>([
    ['by its root and name', { serverName: 'up.test', verify: true, ca: [ROOT] }, true],
    ['not without its root', { serverName: 'up.test', verify: true }, false],
    ['not by another name', { serverName: 'other.test', verify: true, ca: [ROOT] }, false],
    ['not by its address', { serverName: '127.0.0.1', verify: true, ca: [ROOT] }, false],
    ['within its depth', { serverName: 'up.test', verify: true, ca: [ROOT], verifyDepth: 0 }, true],
  ])('is verified %s', async (_, tls, ok) => {
    const { port } = await upstream()
    const result = await send(port, tls)
    expect(result).toMatchObject(ok ? { ok, status: 200 } : { ok, phase: 'tls', timeout: false })
  })

  it('is shown a certificate', async () => {
    const { port } = await upstream({ requestCert: true, rejectUnauthorized: true, ca: [ROOT] })
    const tls = { serverName: 'up.test', verify: false }
    const result = await send(port, { ...tls, clientCertificate: CLIENT })
    expect(await textOf(result.ok ? result.body : undefined)).toBe('up.test client.test')
    expect(await send(port, tls)).toMatchObject({ ok: false })
  })

  // Deno passes over PEM texts it cannot read.
  it.skipIf(IS_DENO)('fails as a value when a certificate is none', async () => {
    const { port } = await upstream()
    const result = await send(port, {
      serverName: 'a',
      verify: false,
      clientCertificate: { id: 'bad', cert: 'x', key: 'y' },
    })
    expect(result).toMatchObject({ ok: false, phase: 'tls' })
  })

  it('keeps connections apart by name and verification, and uses them again', async () => {
    const { port, seen } = await upstream()
    const names: UpstreamTls[] = [
      { serverName: 'one.test', verify: false },
      { serverName: 'two.test', verify: false },
      { serverName: 'two.test', verify: false, ca: [ROOT] },
    ]
    for (const tls of [...names, ...names])
      expect(await send(port, { ...tls })).toMatchObject({ status: 200 })
    expect(seen).toHaveLength(3)
  })

  it('may stay silent until the connect timeout', async () => {
    const { createServer: createPlain } = await import('node:net')
    const plain = createPlain()
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', () => resolve()))
    const address = plain.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const result = await send(port, { serverName: 'a', verify: false }, { connectTimeout: 60 })
    expect(result).toMatchObject({ ok: false, phase: 'tls', timeout: true, code: 'ETIMEDOUT' })
    plain.close()
  })
})

it('a listener behind TLS tells scheme and name, and passes a WebSocket', async () => {
  const { port: up } = await upstream()
  const listening = await listen({
    host: '127.0.0.1',
    port: 0,
    tls: { cert: SERVER_CERT, key: SERVER_KEY },
    async handle({ scheme, sni, body, upgrade, headers, ip }) {
      if (upgrade) {
        const result = await send(
          up,
          { serverName: 'up.test', verify: false },
          { upgrade, headers },
        )
        if (result.ok) return result
      }
      const sent = await textOf(body?.stream())
      return {
        status: 200,
        reason: '',
        headers: [],
        body: Buffer.from(`${scheme} ${sni} ${ip} ${sent}`),
      }
    },
  })
  open.push(listening)
  const peer = connect({ port: listening.port, host: '127.0.0.1', ca: ROOT, servername: 'up.test' })
  let text = ''
  peer.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody')
  await new Promise<void>((resolve, reject) => {
    peer.on('error', reject)
    peer.on('data', (chunk) => {
      text += chunk.toString()
      if (text.includes('body')) resolve()
    })
  })
  expect(text).toContain('https up.test 127.0.0.1 body')
  text = ''
  peer.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  await new Promise((resolve) => peer.on('close', resolve))
  expect(text).toContain('200 OK')
  expect(text).toContain('up.test')
})

it('a listener behind TLS lets go of a client that leaves amid the handshake', async () => {
  const listening = await listen({
    host: '127.0.0.1',
    port: 0,
    tls: { cert: SERVER_CERT, key: SERVER_KEY },
    limits: { headersTimeout: 60_000 },
    handle: () => ({ status: 200, reason: '', headers: [], body: undefined }),
  })
  const at = { port: listening.port, host: '127.0.0.1', ca: ROOT, servername: 'up.test' }
  await new Promise<void>((resolve) => {
    const peer = connect(at, () => peer.destroy())
    peer.on('close', () => resolve())
  })
  // Neither the handshake's time nor the grace has to pass.
  await listening.stop(60_000)
})

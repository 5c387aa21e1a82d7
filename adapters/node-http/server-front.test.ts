import { Buffer } from 'node:buffer'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect as connectTcp, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import type { ClientRequest, ServerCertificate } from '../../src/ports/server.ts'
import { CLIENT_CERT, CLIENT_KEY, SERVER_CERT, SERVER_KEY } from './certificates.fixture.ts'
import { RawPeer, rawClient } from './raw-peers.fixture.ts'
import { type Listening, type ListenOptions, listen } from './server.ts'

const open: Listening[] = []
const peers: RawPeer[] = []
const folders: string[] = []

afterEach(async () => {
  for (const peer of peers.splice(0)) peer.socket.destroy()
  await Promise.all(open.splice(0).map((listening) => listening.stop(0)))
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

async function serve(options: Partial<ListenOptions> = {}): Promise<Listening> {
  const place = options.path === undefined ? { host: '127.0.0.1', port: 0 } : {}
  const listening = await listen({ ...place, handle: tell, ...options })
  open.push(listening)
  return listening
}

function tell({ scheme, sni, ip, port, proxied, target, body }: ClientRequest) {
  const by = proxied === undefined ? '' : ` by ${proxied.ip} ${proxied.port}`
  const told = `<${scheme} ${sni} ${ip} ${port > 0}${by} ${target} ${body?.length}>`
  return { status: 200, reason: '', headers: [], body: Buffer.from(told) }
}

function raw(listening: Listening): RawPeer {
  const peer = rawClient(listening.port)
  peers.push(peer)
  return peer
}

const ONE: ServerCertificate = { cert: SERVER_CERT, key: SERVER_KEY }
const OTHER: ServerCertificate = { cert: CLIENT_CERT, key: CLIENT_KEY }
const GET = 'GET /%2e/x HTTP/1.1\r\nHost: a\r\n\r\n'

interface Shaken {
  readonly name: unknown
  readonly socket: TLSSocket
}

function shake(listening: Listening, more: ConnectionOptions = {}): Promise<Shaken> {
  const options = { port: listening.port, host: '127.0.0.1', rejectUnauthorized: false, ...more }
  return new Promise((resolve, reject) => {
    const socket = connect(options, () => {
      peers.push(new RawPeer(socket))
      resolve({ name: socket.getPeerCertificate().subject?.CN, socket })
    })
    socket.on('error', reject)
  })
}

describe('a TLS listener', () => {
  it('shows the certificate its source gives for the name, as it is at each handshake', async () => {
    const asked: (string | undefined)[] = []
    let certificates: Record<string, ServerCertificate> = { 'other.test': OTHER }
    const listening = await serve({
      tls: {
        certificateFor(name) {
          asked.push(name)
          return name === undefined ? ONE : certificates[name]
        },
      },
    })
    const shown = async (servername: string) => (await shake(listening, { servername })).name
    expect(await shown('OTHER.test')).toBe('client.test')
    expect(await shown('unknown.test')).toBe('up.test')
    certificates = { 'unknown.test': OTHER }
    expect(await shown('unknown.test')).toBe('client.test')
    expect(await shown('other.test')).toBe('up.test')
    expect(await shown('')).toBe('up.test')
    expect(asked).toContain('other.test')
  })

  it('shows a new certificate to clients that name no one, and keeps the connections it has', async () => {
    let fallback = ONE
    const listening = await serve({ tls: { certificateFor: () => fallback } })
    const before = await shake(listening)
    fallback = OTHER
    expect((await shake(listening)).name).toBe('client.test')
    expect(before.name).toBe('up.test')
    before.socket.write(GET)
    await peers[0]?.until('<https undefined 127.0.0.1 true /%2e/x undefined>')
  })

  it('falls back when a certificate cannot be used', async () => {
    const broken = { cert: '{vault://env/cert}', key: '{vault://env/key}' }
    const certificateFor = (name: string | undefined) => (name === undefined ? ONE : broken)
    const listening = await serve({ tls: { certificateFor } })
    expect((await shake(listening, { servername: 'a.test' })).name).toBe('up.test')
  })

  it('closes when there is nothing to show', async () => {
    const listening = await serve({ tls: { certificateFor: () => undefined } })
    await expect(shake(listening)).rejects.toThrow()
  })

  it('serves many requests on a connection, and tells the name', async () => {
    const listening = await serve({ tls: { certificateFor: () => ONE }, http2: true })
    const { socket } = await shake(listening, { servername: 'a.test', ALPNProtocols: ['http/1.1'] })
    for (let count = 1; count <= 5; count++) {
      socket.write(GET)
      await peers[0]?.until('<https a.test 127.0.0.1 true /%2e/x undefined>', count)
    }
  })

  it('cuts a handshake that does not end', async () => {
    const tls = { certificateFor: () => ONE }
    const peer = raw(await serve({ tls, limits: { headersTimeout: 100 } }))
    await peer.closed
    expect(peer.ended).toBe(true)
  })

  it('takes no plain request', async () => {
    const peer = raw(await serve({ tls: { certificateFor: () => ONE } }))
    await peer.send(GET).closed
    expect(peer.text).not.toContain('HTTP/1.1 200')
  })
})

const V2 = '\r\n\r\n\0\r\nQUIT\n'
const V2_IPV4 = `${V2}\x21\x11\0\x0c\x01\x02\x03\x04\x05\x06\x07\x08\x10\x00\x20\x00`
const V2_IPV6 = `${V2}\x21\x21\0\x27${'\xfe\x80'.padEnd(15, '\0')}\x01${'\0'.repeat(16)}\x10\x00\x20\x00\x04\0\0`

describe('a listener with the PROXY protocol', () => {
  it.each([
    ['version 1', 'PROXY TCP4 1.2.3.4 5.6.7.8 4096 80\r\n', ' by 1.2.3.4 4096'],
    ['version 1, IPv6', 'PROXY TCP6 fe80::1 ::1 4096 80\r\n', ' by fe80::1 4096'],
    ['version 1, unknown', 'PROXY UNKNOWN\r\n', ''],
    ['version 2', V2_IPV4, ' by 1.2.3.4 4096'],
    ['version 2, IPv6, with more behind', V2_IPV6, ' by fe80:0:0:0:0:0:0:1 4096'],
    ['version 2, its own probe', `${V2}\x20\0\0\0`, ''],
    ['version 2, a local socket', `${V2}\x21\x31\0\0`, ''],
  ])('reads %s', async (_, header, by) => {
    const peer = raw(await serve({ proxyProtocol: true }))
    peer.send(header + GET)
    await peer.until(`<http undefined 127.0.0.1 true${by} /%2e/x undefined>`)
    // One header for a connection, not for a request.
    peer.send(GET)
    await peer.until(`127.0.0.1 true${by} /%2e/x`, 2)
  })

  it.each([
    ['none', GET],
    ['a broken one', 'PROXY TCP4 1.2.3.4 5.6.7.8 4096\r\n'],
    ['a name for an address', 'PROXY TCP4 evil.test 5.6.7.8 4096 80\r\n'],
    ['one without an end', `PROXY TCP4 ${'1'.repeat(200)}`],
    ['another version', `${V2}\x31\x11\0\x0c${'\0'.repeat(12)}`],
    ['a huge one', `${V2}\x21\x11\xff\xff`],
  ])('closes at %s', async (_, bytes) => {
    const peer = raw(await serve({ proxyProtocol: true }))
    await peer.send(bytes).closed
    expect(peer.text).toBe('')
  })

  it('reads it byte by byte, before TLS too', async () => {
    const tls = { certificateFor: () => ONE }
    const listening = await serve({ proxyProtocol: true, tls })
    const socket = connectTcp({ port: listening.port, host: '127.0.0.1', noDelay: true })
    for (const byte of 'PROXY TCP4 1.2.3.4 5.6.7.8 4096 80\r\n') {
      socket.write(byte)
      await new Promise((resolve) => setImmediate(resolve))
    }
    const { socket: secure } = await shake(listening, { socket, servername: 'a.test' })
    secure.write(GET)
    await peers[0]?.until('<https a.test 127.0.0.1 true by 1.2.3.4 4096 /%2e/x undefined>')
  })

  it.each([
    ['at once', ''],
    ['by itself', 'PROXY TCP4 1.2.3.4 5.6.7.8 4096 80\r\n'],
  ])('reads it where HTTP/2 may follow: it comes %s', async (_, header) => {
    const peer = raw(await serve({ proxyProtocol: true, http2: true }))
    await new Promise((done) => peer.socket.write(header, done))
    peer.send((header === '' ? 'PROXY TCP4 1.2.3.4 5.6.7.8 4096 80\r\n' : '') + GET)
    await peer.until('<http undefined 127.0.0.1 true by 1.2.3.4 4096 /%2e/x undefined>')
  })

  it('closes when it does not come', async () => {
    const limits = { headersTimeout: 100 }
    const peer = raw(await serve({ proxyProtocol: true, limits }))
    await peer.send('PROXY ').closed
    expect(peer.text).toBe('')
  })
})

describe('a listener in the file system', () => {
  function place(): string {
    const folder = mkdtempSync(join(tmpdir(), 'gibbon-socket-'))
    folders.push(folder)
    return join(folder, 's')
  }

  it('serves, and takes its file away', async () => {
    const path = place()
    const listening = await serve({ path })
    const peer = new RawPeer(connectTcp({ path }))
    peers.push(peer)
    await peer.send(GET).until('<http undefined unix: false /%2e/x undefined>')
    peer.socket.destroy()
    await listening.stop(0)
    expect(existsSync(path)).toBe(false)
  })

  it('does not take the place of one that serves', async () => {
    const path = place()
    await serve({ path })
    await expect(serve({ path })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})

describe('connections', () => {
  it.each([
    ['plain', {}],
    ['through a front', { http2: true }],
  ])('beyond the limit are closed: %s', async (_, options) => {
    const listening = await serve({ ...options, limits: { maxConnections: 1 } })
    const first = raw(listening)
    await first.send(GET).until('<http')
    const second = raw(listening)
    await second.send(GET).closed
    expect(second.text).toBe('')
    first.socket.destroy()
    await first.closed
    for (;;) {
      const third = raw(listening)
      third.send(GET)
      const served = await Promise.race([third.until('<http').then(() => true), third.closed])
      if (served === true) break
    }
  })

  it('through a front end when it stops', async () => {
    const listening = await serve({ http2: true })
    const [idle, fresh] = [raw(listening), raw(listening)]
    await idle.send(GET).until('<http')
    await Promise.all([listening.stop(50), idle.closed, fresh.closed])
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(listening.port, '127.0.0.1', resolve))
    other.close()
  })
})

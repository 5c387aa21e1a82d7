import { Buffer } from 'node:buffer'
import { connect as connectHttp2 } from 'node:http2'
import { connect as connectTcp, createServer, type Server, type Socket } from 'node:net'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { makeSelfSigned } from '../../src/lib/self-signed.ts'
import type { Admit, Admittance, CertificateSource, ClientRequest } from '../../src/ports/server.ts'
import { CLIENT_CERT, CLIENT_KEY, ROOT, SERVER_CERT, SERVER_KEY } from './certificates.fixture.ts'
import { RawPeer, rawClient } from './raw-peers.fixture.ts'
import { type Listening, type ListenOptions, listen } from './server.ts'
import { createTlsGate } from './server-tls.ts'
import { createTimerWheel } from './timer-wheel.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const CLIENT = { cert: CLIENT_CERT, key: CLIENT_KEY }
const PAIR = { cert: SERVER_CERT, key: SERVER_KEY }

/** A listener where that decides; it answers with what it knows of its client. */
async function serve(decide: Admit | undefined, options: Partial<ListenOptions> = {}) {
  const tls: CertificateSource = { certificateFor: () => PAIR, admit: () => decide }
  const listening = await listen({ host: '127.0.0.1', port: 0, handle: tell, tls, ...options })
  ends.push(() => listening.stop(0))
  return listening
}

function tell({ sni, tls }: ClientRequest) {
  const { chain = 'no chain', error = '' } = tls?.certificate ?? {}
  return { status: 200, reason: '', headers: [], body: Buffer.from(`<${sni}|${chain}|${error}>`) }
}

/** Shakes hands; rejects where it is refused. */
function shake(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  return shaken(connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }))
}

async function shaken(socket: TLSSocket): Promise<TLSSocket> {
  ends.push(() => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject).on('close', () => reject(new Error('closed')))
    socket.on('secureConnect', () => resolve())
  })
  return socket
}

/** What is answered over a new connection. */
async function answered({ port }: Listening, options: ConnectionOptions = {}): Promise<string> {
  const peer = new RawPeer(await shake(port, options))
  const text = await peer.send(GET).until('>')
  return text.slice(text.indexOf('<'))
}

function raw({ port }: Listening): RawPeer {
  const peer = rawClient(port)
  ends.push(() => peer.socket.destroy())
  return peer
}

describe('who decides on handshakes', () => {
  it('is asked before a certificate is shown, whether or not the client names someone', async () => {
    const asked: (string | undefined)[] = []
    const { port } = await serve((name) => {
      asked.push(name)
      return name === 'good.test' ? 'admitted' : 'refused'
    })
    await expect(shake(port, { servername: 'BAD.test' })).rejects.toThrow(/alert|ended|closed/)
    await expect(shake(port)).rejects.toThrow()
    await shake(port, { servername: 'good.test' })
    expect(asked).toEqual(['bad.test', undefined, 'good.test'])
  })

  it('tells a client that it refuses, as nginx does', async () => {
    const { port } = await serve(() => 'refused')
    await expect(shake(port)).rejects.toThrow('alert internal error')
  })

  it('is asked at each', async () => {
    let next: Admittance = 'refused'
    const { port } = await serve(() => next)
    await expect(shake(port)).rejects.toThrow()
    next = 'admitted'
    await shake(port)
  })

  it('is heard behind a PROXY header, too', async () => {
    const { port } = await serve(() => 'asking', { proxyProtocol: true })
    const socket = connectTcp({ port, host: '127.0.0.1' })
    ends.push(() => socket.destroy())
    socket.write('PROXY TCP4 9.9.9.9 1.1.1.1 5 6\r\n')
    const secure = await shaken(connect({ socket, rejectUnauthorized: false, ...CLIENT }))
    expect(await new RawPeer(secure).send(GET).until('>')).toContain(CLIENT_CERT)
  })

  it('is not asked in the name of another: the hello that was read and the one shaken hands by are one', async () => {
    const gate = createTlsGate({
      source: { certificateFor: () => PAIR, admit: () => () => 'admitted' },
      listener: 'http',
      protocols: [],
      wheel: createTimerWheel(),
      handshakeTimeout: 5000,
      onSecure: (socket) => void socket.end('welcome'),
    })
    const port = await portOf(createServer((socket) => gate.pass(socket, { sni: 'good.test' })))
    const welcomed = async (servername: string): Promise<string> => {
      const peer = new RawPeer(await shake(port, { servername }))
      await peer.closed
      return peer.text
    }
    expect(await welcomed('bad.test')).toBe('')
    expect(await welcomed('good.test')).toBe('welcome')
  })
})

describe('a client that is asked for a certificate', () => {
  const SIGNED = `<undefined|${CLIENT_CERT}|unable to verify the first certificate>`

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('shows it, by %s', async (version) => {
    const listening = await serve(() => 'asking')
    const only = { minVersion: version, maxVersion: version }
    expect(await answered(listening, { ...CLIENT, ...only })).toBe(SIGNED)
  })

  it('may show none', async () => {
    expect(await answered(await serve(() => 'asking'))).toBe('<undefined|no chain|>')
  })

  it('shows those it comes with, too', async () => {
    const shown = { ...CLIENT, cert: CLIENT_CERT + ROOT }
    const error = 'self-signed certificate in certificate chain'
    const told = await answered(await serve(() => 'asking'), shown)
    expect(told).toBe(`<undefined|${CLIENT_CERT}${ROOT}|${error}>`)
  })

  it.each([
    ['that vouches for itself', Date.now(), 'self-signed certificate'],
    ['that is over', 0, 'certificate has expired'],
    ['that is yet to come', Date.now() + 400 * 86_400_000, 'certificate is not yet valid'],
  ])('may show one %s', async (_what, now, error) => {
    const own = await makeSelfSigned('client.test', now)
    expect(await answered(await serve(() => 'asking'), own)).toContain(`|${error}>`)
  })

  it('is not the one that is not', async () => {
    const listening = await serve((name) => (name === 'asked.test' ? 'asking' : 'admitted'))
    expect(await answered(listening, { ...CLIENT, servername: 'asked.test' })).toContain('BEGIN')
    const other = await answered(listening, { ...CLIENT, servername: 'other.test' })
    expect(other).toBe('<other.test|no chain|>')
  })

  it('is none where nobody decides', async () => {
    expect(await answered(await serve(undefined), CLIENT)).toBe('<undefined|no chain|>')
  })

  it('shows it over HTTP/2', async () => {
    const { port } = await serve(() => 'asking', { http2: true })
    const options = { rejectUnauthorized: false, ...CLIENT }
    const session = connectHttp2(`https://127.0.0.1:${port}`, options)
    ends.push(() => session.destroy())
    const stream = session.request({ ':path': '/' }).setEncoding('latin1')
    let text = ''
    for await (const chunk of stream) text += chunk
    expect(text).toBe(SIGNED)
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('may come back by a session, by %s', async (version) => {
    const listening = await serve(() => 'asking')
    const only = { minVersion: version, maxVersion: version, ...CLIENT }
    const first = await shake(listening.port, only)
    await new RawPeer(first).send(GET).until('>')
    expect(await answered(listening, { ...only, session: first.getSession() })).toBe(SIGNED)
  })

  it('is cut when it shows too much', async () => {
    // Deno and BoringSSL keep all that is sent, OpenSSL what belongs together.
    const many = Array<string>(400).fill(ROOT).join('')
    const { port } = await serve(() => 'asking')
    const socket = await shake(port, { ...CLIENT, cert: CLIENT_CERT + many })
    socket.on('error', () => {})
    await new Promise<void>((resolve) => socket.on('close', () => resolve()))
  })
})

describe('the name a client asks for', () => {
  const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const

  it.each(VERSIONS)('is known when it comes back by a session, by %s', async (version) => {
    const listening = await serve(undefined)
    const only = { minVersion: version, maxVersion: version, servername: 'a.test' }
    const first = await shake(listening.port, only)
    expect(await new RawPeer(first).send(GET).until('>')).toContain('<a.test|')

    const again = await shake(listening.port, { ...only, session: first.getSession() })
    expect(again.isSessionReused()).toBe(true)
    expect(await new RawPeer(again).send(GET).until('>')).toContain('<a.test|')
  })

  it.each(VERSIONS)('is of each client of a session its own, by %s', async (version) => {
    const listening = await serve(undefined)
    const only = { minVersion: version, maxVersion: version }
    const first = await shake(listening.port, { ...only, servername: 'a.test' })
    await new RawPeer(first).send(GET).until('>')
    const shared = { ...only, session: first.getSession() }
    const told = await Promise.all([
      answered(listening, { ...shared, servername: 'a.test' }),
      answered(listening, { ...shared, servername: 'b.test' }),
      answered(listening, shared),
    ])
    expect(told.map((text) => text.split('|')[0])).toEqual(['<a.test', '<b.test', '<undefined'])
  })
})

describe('a client whose hello is waited for', () => {
  const short = { limits: { headersTimeout: 100 } }

  it('has no longer than any other', async () => {
    const peer = raw(await serve(() => 'admitted', short))
    peer.socket.write(Uint8Array.from([22, 3, 1, 0]))
    await peer.closed
    expect(peer.ended).toBe(true)
  })

  it('may take that time again to end the handshake', async () => {
    const peer = raw(await serve(() => 'asking', short))
    peer.socket.write(await helloOf())
    await peer.closed
    expect(peer.text).not.toBe('')
  })

  it('may say it in pieces', async () => {
    const hello = await helloOf()
    const peer = raw(await serve(() => 'asking'))
    peer.socket.setNoDelay(true)
    for (const byte of hello) await new Promise((done) => peer.socket.write(Buffer.of(byte), done))
    // A server hello.
    await peer.until('\x16\x03\x03')
  })

  it('is cut when it says something else', async () => {
    const peer = raw(await serve(() => 'admitted'))
    await peer.send(GET).closed
    expect(peer.text).toBe('')
  })

  it('may leave', async () => {
    const listening = await serve(() => 'admitted', { limits: { headersTimeout: 60_000 } })
    const peer = raw(listening)
    peer.socket.end(Uint8Array.from([22, 3, 1]))
    await peer.closed
    // Neither the hello's time nor the grace has to pass.
    await listening.stop(60_000)
  })
})

/** A client's first words. */
async function helloOf(): Promise<Buffer> {
  const server = createServer()
  const client = connect({ port: await portOf(server), host: '127.0.0.1' }).on('error', () => {})
  ends.push(() => client.destroy())
  const socket = await new Promise<Socket>((resolve) => server.once('connection', resolve))
  ends.push(() => socket.destroy())
  return new Promise((resolve) => socket.once('data', resolve))
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => server.close())
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

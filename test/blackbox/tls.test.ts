import type { Buffer } from 'node:buffer'
import { execFile } from 'node:child_process'
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2'
import { createServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  CLIENT_CERT,
  CLIENT_KEY,
  ROOT,
  SERVER_CERT,
  SERVER_KEY,
} from '../../adapters/node-http/certificates.fixture.ts'
import { makeSelfSigned } from '../../src/lib/self-signed.ts'
import { freePorts } from '../runtimes/ports.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask, type Got, json } from './client.ts'
import { RUNTIMES } from './runtimes.ts'
import { startTarget, type Target } from './target.ts'

const run = promisify(execFile)
const HAS_CURL = await curlSpeaksHttp2()

// workerd's own socket speaks TLS, or the platform in front of it.
const WITH_LISTENERS = RUNTIMES.filter((runtime) => runtime !== 'workerd')

describe.each(WITH_LISTENERS)('TLS on %s', (runtime) => {
  let gateway: RunningGateway
  let target: Target
  let plainPort = 0
  let tlsPort = 0
  const servers: Server[] = []

  beforeAll(async () => {
    target = await startTarget('t')
    ;[plainPort, tlsPort] = await freePorts()
    const listens = `127.0.0.1:${plainPort}, 127.0.0.1:${tlsPort} ssl http2`
    gateway = await startGateway(runtime, { settings: { proxy_listen: listens } })
    await serve('/t', { url: `http://127.0.0.1:${target.port}` })
  }, 60_000)
  afterAll(async () => {
    for (const server of servers) server.close()
    await Promise.all([gateway?.stop(), target.close()])
  })

  const admin = (path: string, value: unknown, method = 'POST'): Promise<Got> =>
    ask(`${gateway.adminUrl}${path}`, json(value, method))
  const make = async (path: string, value: unknown): Promise<string> => {
    const made = await admin(path, value)
    expect([made.status, made.body]).toEqual([201, made.body])
    return String(JSON.parse(made.body).id)
  }
  async function serve(path: string, service: object): Promise<void> {
    const id = await make('/services', service)
    await make(`/services/${id}/routes`, { paths: [path] })
  }

  async function listen(server: Server): Promise<number> {
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    // Proof: it listens on an address.
    return (server.address() as AddressInfo).port
  }

  it('shows certificates by server name, as they are at each handshake', async () => {
    expect(await nameShown(tlsPort, 'a.test')).toBe('localhost')

    const id = await make('/certificates', {
      ...(await makeSelfSigned('first', Date.now())),
      snis: ['a.test', '*.wild.test'],
    })
    expect(await nameShown(tlsPort, 'a.test')).toBe('first')
    expect(await nameShown(tlsPort, 'A.test')).toBe('first')
    expect(await nameShown(tlsPort, 'x.wild.test')).toBe('first')
    expect(await nameShown(tlsPort, 'b.test')).toBe('localhost')
    expect(await nameShown(tlsPort, undefined)).toBe('localhost')

    const next = await makeSelfSigned('second', Date.now())
    expect((await admin(`/certificates/${id}`, next, 'PATCH')).status).toBe(200)
    expect(await nameShown(tlsPort, 'a.test')).toBe('second')

    const everyone = await makeSelfSigned('everyone', Date.now())
    await make('/certificates', { ...everyone, snis: ['*'] })
    expect(await nameShown(tlsPort, 'b.test')).toBe('everyone')
    // Kong: who names nobody is shown the listener's own.
    expect(await nameShown(tlsPort, undefined)).toBe('localhost')

    expect((await ask(`${gateway.adminUrl}/snis/a.test`, { method: 'DELETE' })).status).toBe(204)
    expect(await nameShown(tlsPort, 'a.test')).toBe('everyone')
  })

  it('routes by the server name that was asked for', async () => {
    const service = await make('/services', { url: `http://127.0.0.1:${target.port}` })
    await make(`/services/${service}/routes`, {
      paths: ['/named'],
      protocols: ['https'],
      snis: ['named.test'],
    })
    expect(await statusOf(tlsPort, { servername: 'named.test' }, '/named')).toBe(200)
    expect(await statusOf(tlsPort, { servername: 'other.test' }, '/named')).toBe(404)

    const client = { servername: 'named.test', maxVersion: 'TLSv1.2' } as const
    const session = await sessionOf(tlsPort, client)
    // Not all runtimes resume by TLS 1.2; those that do know the name still.
    expect(await statusOf(tlsPort, { ...client, session }, '/named')).toBe(200)
  })

  it('serves HTTP/2 and HTTP/1.1 on one port', async () => {
    expect(await overHttp2(tlsPort, '/t/two')).toMatchObject({ status: 200 })
    expect(await statusOf(tlsPort, { servername: 'any.test' }, '/t/one')).toBe(200)
  })

  // Where there is one that knows it.
  it.skipIf(!HAS_CURL)('serves curl --http2', async () => {
    const told = ['-sk', '--http2', '-o', '/dev/null', '-w', '%{http_version} %{http_code}']
    const { stdout } = await run('curl', [...told, `https://127.0.0.1:${tlsPort}/t/curl`])
    expect(stdout).toBe('2 200')
  })

  it('verifies a target by its own authority, and shows it a certificate', async () => {
    const server = createServer(
      { cert: SERVER_CERT, key: SERVER_KEY, ca: ROOT, requestCert: true, rejectUnauthorized: true },
      (request, response) => {
        // Proof: an https server's sockets are TLS ones.
        response.end((request.socket as TLSSocket).getPeerCertificate().subject.CN)
      },
    )
    const port = await listen(server)
    const ca = await make('/ca_certificates', { cert: ROOT })
    const own = await make('/certificates', { cert: CLIENT_CERT, key: CLIENT_KEY })
    const upstream = await make('/upstreams', { name: 'safe', host_header: 'up.test' })
    await make(`/upstreams/${upstream}/targets`, { target: `127.0.0.1:${port}` })
    const service = { protocol: 'https', host: 'safe', port: 443, tls_verify: true, retries: 0 }
    const get = (path: string) => ask(`http://127.0.0.1:${plainPort}${path}`)

    await serve('/unknown-ca', { ...service, client_certificate: { id: own } })
    expect((await get('/unknown-ca')).status).toBe(502)

    await serve('/nobody', { ...service, ca_certificates: [ca] })
    expect((await get('/nobody')).status).toBe(502)

    const both = { ca_certificates: [ca], client_certificate: { id: own } }
    await serve('/both', { ...service, ...both })
    expect(await get('/both')).toMatchObject({ status: 200, body: 'client.test' })

    const shown = { client_certificate: { id: own } }
    expect((await admin(`/upstreams/${upstream}`, shown, 'PATCH')).status).toBe(200)
    expect(await get('/nobody')).toMatchObject({ status: 200, body: 'client.test' })
  })

  it('carries gRPC', async () => {
    const server = createHttp2Server((request, response) => {
      response.writeHead(200, { 'content-type': 'application/grpc' })
      request.on('data', (chunk) => response.write(chunk))
      request.on('end', () => {
        response.addTrailers({ 'grpc-status': '7' })
        response.end()
      })
    })
    const port = await listen(server)
    const service = { protocol: 'grpc', host: '127.0.0.1', port }
    const id = await make('/services', service)
    await make(`/services/${id}/routes`, { paths: ['/pkg.Echo'], protocols: ['grpc', 'grpcs'] })
    const call = { 'content-type': 'application/grpc', te: 'trailers' }
    const got = await overHttp2(tlsPort, '/pkg.Echo/Say', { headers: call, body: 'hello' })
    expect(got).toEqual({ status: 200, body: 'hello', trailers: '7' })
  })

  it('outlives the goodbyes of clients and upstreams that have nothing under way', async () => {
    const server = createHttp2Server((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/grpc' })
      response.end('bye')
    })
    server.on('session', (session) =>
      session.on('stream', (stream) =>
        stream.on('close', () => setImmediate(() => session.destroyed || session.close())),
      ),
    )
    const port = await listen(server)
    const id = await make('/services', { protocol: 'grpc', host: '127.0.0.1', port })
    await make(`/services/${id}/routes`, { paths: ['/pkg.Bye'], protocols: ['grpc', 'grpcs'] })
    const headers = { 'content-type': 'application/grpc', te: 'trailers' }
    for (let i = 0; i < 200; i++) {
      const got = await overHttp2(tlsPort, '/pkg.Bye/Say', { headers, body: 'x' })
      expect(got).toMatchObject({ status: 200, body: 'bye' })
    }
  })
})

async function curlSpeaksHttp2(): Promise<boolean> {
  return run('curl', ['--version']).then(
    ({ stdout }) => stdout.includes('HTTP2'),
    () => false,
  )
}

/** The common name of what is shown to a client that asks for a name. */
function nameShown(port: number, servername: string | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      { host: '127.0.0.1', port, rejectUnauthorized: false, servername: servername ?? '' },
      () => {
        resolve(String(socket.getPeerCertificate().subject.CN))
        socket.destroy()
      },
    )
    socket.on('error', reject)
  })
}

/** What a client of TLS 1.2 may come back by. */
function sessionOf(port: number, client: ConnectionOptions): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, rejectUnauthorized: false, ...client }
    const socket = connect(options, () => {
      resolve(socket.getSession())
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

/** The status of a GET over HTTP/1.1. */
function statusOf(port: number, client: ConnectionOptions, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, rejectUnauthorized: false, ...client }
    const socket = connect(options, () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`),
    )
    let said = ''
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      said += chunk.toString('latin1')
    })
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(said)?.[1])))
  })
}

interface Exchanged {
  readonly status: number
  readonly body: string
  /** Its grpc-status. */
  readonly trailers: string | undefined
}

function overHttp2(
  port: number,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: string } = {},
): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false })
    session.on('error', reject)
    const method = body === undefined ? 'GET' : 'POST'
    const stream = session.request({ ':path': path, ':method': method, ...headers })
    let status = 0
    let said = ''
    let trailers: string | undefined
    stream.on('error', reject)
    stream.on('response', (got) => {
      status = Number(got[':status'])
    })
    stream.on('trailers', (got) => {
      trailers = String(got['grpc-status'])
    })
    stream.on('data', (chunk) => {
      said += chunk.toString()
    })
    stream.on('close', () => {
      session.close()
      resolve({ status, body: said, trailers })
    })
    stream.end(body)
  })
}

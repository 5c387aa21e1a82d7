import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect as connectHttp2 } from 'node:http2'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CLIENT_CERT, CLIENT_KEY, ROOT } from '../../adapters/node-http/certificates.fixture.ts'
import { freePorts } from '../runtimes/ports.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask, json, until } from './client.ts'
import { RUNTIMES } from './runtimes.ts'

const CERTIFICATE = `
  local name = require("ngx.ssl").server_name()
  if name ~= "other.test" then assert(kong.client.tls.request_client_certificate()) end`

const ACCESS = `
  local chain, why = kong.client.tls.get_full_client_certificate_chain()
  kong.response.exit(200, (chain or "none") .. (why or ""))`

const LOG = `
  kong.log.set_serialize_value("shown", kong.client.tls.get_full_client_certificate_chain())`

// workerd has no Lua, and its platform shakes hands.
const WITH_LUA = RUNTIMES.filter((runtime) => runtime !== 'workerd')

/** An entry of the log, as far as it is looked at. */
interface Entry {
  readonly request?: { readonly uri: string; readonly tls?: { readonly client_verify: string } }
  readonly session?: { readonly tls?: { readonly client_verify: string } }
  readonly shown?: string
}

describe.each(WITH_LUA)('certificates of clients on %s', (runtime) => {
  let gateway: RunningGateway
  let plainPort = 0
  let port = 0
  let streamPort = 0
  let target: Server
  const folder = mkdtempSync(join(tmpdir(), 'gibbon-client-certificates-'))
  const path = join(folder, 'log')

  beforeAll(async () => {
    ;[plainPort = 0, port = 0] = await freePorts()
    ;[streamPort = 0] = await freePorts()
    target = createServer((socket) => void socket.end('welcome')).listen(0, '127.0.0.1')
    await once(target, 'listening')
    const settings = {
      untrusted_lua: 'sandbox',
      proxy_listen: `127.0.0.1:${plainPort}, 127.0.0.1:${port} ssl http2`,
      stream_listen: `127.0.0.1:${streamPort} ssl`,
    }
    gateway = await startGateway(runtime, { settings })
    await made('/routes', { paths: ['/'] })
    // Proof: it listens on an address.
    const { port: targetPort } = target.address() as AddressInfo
    await made('/services', { name: 'tcp', url: `tcp://127.0.0.1:${targetPort}` })
    const destinations = [{ port: streamPort }]
    await made('/services/tcp/routes', { protocols: ['tls'], destinations })
    const protocols = ['http', 'https', 'tls']
    const config = { certificate: [CERTIFICATE], access: [ACCESS], log: [LOG] }
    await made('/plugins', { name: 'pre-function', protocols, config })
    await made('/plugins', { name: 'file-log', protocols, config: { path } })
  }, 60_000)
  afterAll(async () => {
    await gateway?.stop()
    target?.close()
    rmSync(folder, { recursive: true })
  })

  async function made(where: string, value: object): Promise<void> {
    const { status, body } = await ask(`${gateway.adminUrl}${where}`, json(value))
    expect([status, body]).toEqual([201, body])
  }

  /** What is written of whom it pleases, once it is. */
  async function entryOf(pleases: (entry: Entry) => boolean): Promise<Entry | undefined> {
    const find = async (): Promise<Entry | undefined> => {
      try {
        const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean)
        return lines.map((line): Entry => JSON.parse(line)).find(pleases)
      } catch {
        return undefined
      }
    }
    return until(find, (found) => found !== undefined)
  }

  /** What is written of the certificate of the request to that path. */
  async function verified(asked: string): Promise<string | undefined> {
    const entry = await entryOf(({ request }) => request?.uri === asked)
    return entry?.request?.tls?.client_verify
  }

  const over = async (asked: string, options: ConnectionOptions) =>
    bodyOf(await askedOver({ port, ...options }, asked)).trim()

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('are asked for and shown, by %s', async (version) => {
    const only = { minVersion: version, maxVersion: version, cert: CLIENT_CERT, key: CLIENT_KEY }
    expect(await over(`/${version}`, { ...only, servername: 'a.test' })).toBe(CLIENT_CERT.trim())
    expect(await verified(`/${version}`)).toBe('FAILED:unable to verify the first certificate')
  })

  it('bring those along that they come with', async () => {
    const shown = { cert: CLIENT_CERT + ROOT, key: CLIENT_KEY }
    expect(await over('/chain', shown)).toBe((CLIENT_CERT + ROOT).trim())
    const why = 'self-signed certificate in certificate chain'
    expect(await verified('/chain')).toBe(`FAILED:${why}`)
  })

  it('are nothing that a client must have', async () => {
    expect(await over('/none', {})).toBe('none')
    expect(await verified('/none')).toBe('NONE')
  })

  it('are asked of nobody else', async () => {
    const shown = { cert: CLIENT_CERT, key: CLIENT_KEY, servername: 'other.test' }
    expect(await over('/other', shown)).toBe('none')
    expect(await verified('/other')).toBe('NONE')
    const plain = await ask(`http://127.0.0.1:${plainPort}/plain`)
    expect(plain.body).toBe('noneconnection is not TLS or TLS support for Nginx not enabled')
    expect(await verified('/plain')).toBeUndefined()
  })

  it('are shown over HTTP/2', async () => {
    const options = { rejectUnauthorized: false, cert: CLIENT_CERT, key: CLIENT_KEY }
    const session = connectHttp2(`https://127.0.0.1:${port}`, options)
    const stream = session.request({ ':path': '/two' }).setEncoding('latin1')
    let text = ''
    for await (const chunk of stream) text += chunk
    session.close()
    expect(text).toBe(CLIENT_CERT)
    expect(await verified('/two')).toBe('FAILED:unable to verify the first certificate')
  })

  it('are asked for at stream listeners, too', async () => {
    const shown = { cert: CLIENT_CERT, key: CLIENT_KEY, servername: 'stream.test' }
    expect(await askedOver({ port: streamPort, ...shown }, '/')).toBe('welcome')
    const entry = await entryOf(({ session }) => session !== undefined)
    expect(entry).toMatchObject({
      session: { tls: { client_verify: 'FAILED:unable to verify the first certificate' } },
      shown: CLIENT_CERT,
    })
  })

  it('stay with a session that is taken up again', async () => {
    const shown = { port, cert: CLIENT_CERT, key: CLIENT_KEY, servername: 'again.test' }
    let session: Buffer | undefined
    await askedOver(shown, '/first', (socket) => {
      session = socket.getSession()
    })
    expect(session).toBeDefined()
    expect(await over('/again', { ...shown, session })).toBe(CLIENT_CERT.trim())
  })
})

/** What a request over TLS is answered; `then` is handed its socket before it is closed. */
function askedOver(
  options: ConnectionOptions,
  path: string,
  then: (socket: TLSSocket) => void = () => {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect({ host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n`)
    })
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
      then(socket)
    })
    socket.on('error', reject).on('close', () => resolve(text))
  })
}

function bodyOf(answer: string): string {
  return answer.slice(answer.indexOf('\r\n\r\n') + 4)
}

import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePorts } from '../runtimes/ports.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask, json } from './client.ts'
import { RUNTIMES } from './runtimes.ts'

const CODE = `
  local name = require("ngx.ssl").server_name()
  if name == nil or name == "bad.test" then return ngx.exit(ngx.ERROR) end`

// workerd has no Lua, and its platform shakes hands.
const WITH_LUA = RUNTIMES.filter((runtime) => runtime !== 'workerd')

describe.each(WITH_LUA)('functions at TLS handshakes on %s', (runtime) => {
  let gateway: RunningGateway
  let port = 0
  let streamPort = 0
  let target: Server
  beforeAll(async () => {
    ;[port = 0, streamPort = 0] = await freePorts()
    target = createServer((socket) => void socket.end('welcome')).listen(0, '127.0.0.1')
    await once(target, 'listening')
    const settings = {
      untrusted_lua: 'sandbox',
      proxy_listen: `127.0.0.1:${port} ssl http2`,
      stream_listen: `127.0.0.1:${streamPort} ssl`,
    }
    gateway = await startGateway(runtime, { settings })
    // Proof: it listens on an address.
    const { port: targetPort } = target.address() as AddressInfo
    const route = { name: 'tls', protocols: ['tls'], destinations: [{ port: streamPort }] }
    await made('/services', { name: 'tcp', url: `tcp://127.0.0.1:${targetPort}` })
    await made('/services/tcp/routes', route)
    const protocols = ['http', 'https', 'tls']
    await made('/plugins', { name: 'pre-function', protocols, config: { certificate: [CODE] } })
  }, 60_000)
  afterAll(async () => {
    await gateway?.stop()
    target?.close()
  })

  async function made(path: string, value: object): Promise<void> {
    const { status, body } = await ask(`${gateway.adminUrl}${path}`, json(value))
    expect([status, body]).toEqual([201, body])
  }

  it('end those they do not like, and no other', async () => {
    expect(await answered(port, 'good.test')).toContain('HTTP/1.1 404')
    expect(await answered(port, 'bad.test')).toBe('')
    expect(await answered(port, undefined)).toBe('')
    expect(await answered(port, 'good.test')).toContain('HTTP/1.1 404')
  })

  it('end those of stream listeners they do not like, too', async () => {
    expect(await answered(streamPort, 'good.test')).toBe('welcome')
    expect(await answered(streamPort, 'bad.test')).toBe('')
    expect(await answered(streamPort, undefined)).toBe('')
    expect(await answered(streamPort, 'good.test')).toBe('welcome')
  })
})

/** What a request over TLS is answered, as far as it comes. */
function answered(port: number, servername: string | undefined): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const name = servername === undefined ? {} : { servername }
    const at = { port, host: '127.0.0.1', rejectUnauthorized: false, ...name }
    const socket = connect(at, () => {
      socket.write('GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n')
    })
    socket.on('data', (bytes) => {
      text += bytes.toString()
    })
    // An ended handshake is an error to the client.
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
  })
}

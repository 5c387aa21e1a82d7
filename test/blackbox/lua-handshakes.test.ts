import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePorts, type RunningGateway, startGateway } from '../runtimes/start.ts'
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
  beforeAll(async () => {
    port = (await freePorts())[0] ?? 0
    const settings = { untrusted_lua: 'sandbox', proxy_listen: `127.0.0.1:${port} ssl http2` }
    gateway = await startGateway(runtime, { settings })
    const plugin = { name: 'pre-function', config: { certificate: [CODE] } }
    const made = await ask(`${gateway.adminUrl}/plugins`, json(plugin))
    expect([made.status, made.body]).toEqual([201, expect.stringContaining('pre-function')])
  }, 60_000)
  afterAll(() => gateway?.stop())

  it('end those they do not like, and no other', async () => {
    expect(await answered(port, 'good.test')).toContain('HTTP/1.1 404')
    expect(await answered(port, 'bad.test')).toBe('')
    expect(await answered(port, undefined)).toBe('')
    expect(await answered(port, 'good.test')).toContain('HTTP/1.1 404')
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

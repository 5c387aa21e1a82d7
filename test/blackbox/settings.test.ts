import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as tlsConnect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePorts } from '../runtimes/ports.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask } from './client.ts'
import { RUNTIMES } from './runtimes.ts'

const NODE = '11111111-2222-4333-8444-555555555555'
const FAMILIES = ['127.0.0.1', '::1'] as const

// A Worker has no listeners of its own, and no files.
const WITH_LISTENERS = RUNTIMES.filter((runtime) => runtime !== 'workerd')

describe.each(WITH_LISTENERS)('settings of Kong on %s', (runtime) => {
  let gateway: RunningGateway
  let plain = 0
  let tls = 0
  let tcp = 0
  let udp = 0
  const folder = mkdtempSync(join(tmpdir(), 'gibbon-settings-'))
  const closing: (() => void)[] = [() => rmSync(folder, { recursive: true })]

  beforeAll(async () => {
    ;[plain, tls] = await freePorts()
    ;[tcp, udp] = await freePorts()
    const template = join(folder, 'error.txt')
    writeFileSync(template, 'sorry: %s (%s)')
    gateway = await startGateway(runtime, {
      settings: {
        proxy_listen: `${both(plain)}, ${both(tls, ' ssl')}`,
        stream_listen: `${both(tcp)}, ${both(udp, ' udp')}`,
        declarative_config_string: JSON.stringify(await configOf()),
        error_template_plain: template,
        port_maps: `80:${plain}`,
        node_id: NODE,
      },
    })
  }, 60_000)
  afterAll(async () => {
    await gateway?.stop()
    for (const close of closing) close()
  })

  /** An HTTP server that tells the port it was told, and echoes over TCP and UDP. */
  async function configOf(): Promise<object> {
    const http = createServer((request, response) => {
      response.end(`${request.headers['x-forwarded-port']}`)
    })
    const echo = createTcpServer((socket) => void socket.on('error', () => {}).pipe(socket))
    for (const server of [http, echo]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      closing.push(() => server.close())
    }
    const datagrams = createSocket('udp4')
    datagrams.on('message', (bytes, from) => datagrams.send(bytes, from.port, from.address))
    await new Promise<void>((resolve) => datagrams.bind(0, '127.0.0.1', resolve))
    closing.push(() => datagrams.close())
    // Proof: both listen on an address.
    const portOf = (server: typeof http | typeof echo) => (server.address() as AddressInfo).port
    const at = (port: number) => ({ destinations: [{ port }] })
    const host = '127.0.0.1'
    return {
      _format_version: '3.0',
      services: [
        { name: 'web', host, port: portOf(http), routes: [{ name: 'web', paths: ['/web'] }] },
        {
          ...{ name: 'echo', protocol: 'tcp', host, port: portOf(echo) },
          routes: [{ name: 'echo', protocols: ['tcp'], ...at(tcp) }],
        },
        {
          ...{ name: 'datagrams', protocol: 'udp', host, port: datagrams.address().port },
          routes: [{ name: 'datagrams', protocols: ['udp'], ...at(udp) }],
        },
      ],
    }
  }

  it.each(FAMILIES)('serves HTTP at %s, and tells the mapped port', async (host) => {
    const got = await ask(`http://${urlHost(host)}:${plain}/web`)
    expect([got.status, got.body]).toEqual([200, '80'])
  })

  it.each(FAMILIES)('speaks TLS at %s', async (host) => {
    const socket = tlsConnect({ host, port: tls, rejectUnauthorized: false })
    const request = 'GET /web HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
    expect(await said(socket, request)).toMatch(/^HTTP\/1.1 200 /)
  })

  it.each(FAMILIES)('carries streams of %s', async (host) => {
    expect(await said(connect(tcp, host), 'hello')).toBe('hello')
  })

  it.each(FAMILIES)('carries datagrams of %s', async (host) => {
    const socket = createSocket(host === '::1' ? 'udp6' : 'udp4')
    const heard = new Promise<string>((resolve) => socket.on('message', (it) => resolve(`${it}`)))
    socket.send('hello', udp, host)
    expect(await heard).toBe('hello')
    socket.close()
  })

  it('says errors by its template', async () => {
    const got = await ask(`http://127.0.0.1:${plain}/none`, { headers: { accept: 'text/plain' } })
    expect(got.body).toMatch(/^sorry: no Route matched with those values \([\da-f]{32}\)$/)
  })

  it('tells who and what it is', async () => {
    const { body } = await ask(gateway.adminUrl)
    const { node_id, pids } = JSON.parse(body)
    expect([node_id, pids.workers]).toEqual([NODE, [expect.any(Number)]])
    const status = JSON.parse((await ask(`${gateway.adminUrl}/status?unit=b`)).body)
    expect(status.memory.workers_lua_vms).toEqual([
      { pid: pids.workers[0], http_allocated_gc: expect.any(Number) },
    ])
    expect(status.configuration_hash).toMatch(/^[\da-f]{32}$/)
  })
})

/** The same port of both families, as Kong's Helm chart listens. */
function both(port: number, options = ''): string {
  return `0.0.0.0:${port}${options}, [::]:${port}${options}`
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

function said(socket: ReturnType<typeof connect>, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = ''
    socket.on('data', (bytes) => {
      heard += bytes
      if (heard === text) socket.end()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(heard))
    socket.write(text)
  })
}

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask, json, until } from './client.ts'
import { RUNTIMES } from './runtimes.ts'
import { startTarget, type Target } from './target.ts'

const folder = mkdtempSync(join(tmpdir(), 'gibbon-workers-'))

describe.skipIf(!RUNTIMES.includes('workerd'))('what is special to Workers', () => {
  let target: Target

  beforeAll(async () => {
    target = await startTarget('t')
  })
  afterAll(async () => {
    await target.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function withGateway(
    options: Parameters<typeof startGateway>[1],
    use: (gateway: RunningGateway) => Promise<void>,
  ): Promise<void> {
    const gateway = await startGateway('workerd', options)
    try {
      await use(gateway)
    } finally {
      await gateway.stop()
    }
  }

  // Requests of an isolate wait for each other here; one that is cancelled must not keep the rest waiting.
  it('answers every writer although others leave in the middle', async () => {
    await withGateway({}, async ({ adminUrl, adminPort }) => {
      const write = (n: number) => ask(`${adminUrl}/services`, json({ name: `s${n}`, host: 'a.b' }))
      const leave = (n: number) =>
        new Promise<void>((resolve) => {
          const body = JSON.stringify({ name: `left${n}`, host: 'a.b' })
          const head = `POST /services HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
          const socket = connect(adminPort, '127.0.0.1', () => socket.write(head + body))
          socket.on('error', () => {})
          socket.on('close', () => resolve())
          setTimeout(() => socket.resetAndDestroy(), (n * 7) % 120)
        })
      const writers = Array.from({ length: 60 }, (_, n) => write(n))
      const leavers = Array.from({ length: 40 }, (_, n) => leave(n))
      const statuses = (await Promise.all(writers)).map(({ status }) => status)
      await Promise.all(leavers)
      expect(statuses.filter((status) => status !== 201)).toEqual([])
      expect((await write(1000)).status).toBe(201)
    })
  }, 60_000)

  it('keeps what it acknowledged through a kill, and goes on probing', async () => {
    const dataDir = join(folder, 'kept')
    const first = await startGateway('workerd', { dataDir })
    const interval = { interval: 0.2, successes: 1 }
    const failing = { interval: 0.2, http_failures: 1 }
    const healthchecks = { active: { healthy: interval, unhealthy: failing } }
    await ask(`${first.adminUrl}/upstreams`, json({ name: 'u', healthchecks }))
    const address = { target: `127.0.0.1:${target.port}` }
    const made = await ask(`${first.adminUrl}/upstreams/u/targets`, json(address))
    expect(made.status).toBe(201)
    await first.kill()

    target.manner = 500
    await withGateway({ dataDir }, async ({ adminUrl }) => {
      const health = () => ask(`${adminUrl}/upstreams/u/health`)
      const got = await until(health, ({ body }) => body.includes('UNHEALTHY'))
      expect(JSON.parse(got.body).data[0]).toMatchObject({ ...address, health: 'UNHEALTHY' })
    })
    target.manner = 'ok'
  }, 60_000)

  it('serves a kong.yaml that goes along as a text', async () => {
    const config = join(folder, 'kong.yaml')
    const url = `http://127.0.0.1:${target.port}`
    const service = `- name: yaml # "ö" \\\n  url: ${url}\n  routes:\n  - paths: [/y]\n`
    writeFileSync(config, `_format_version: "3.0"\nservices:\n${service}`)
    await withGateway({ config }, async ({ adminUrl, proxyUrl }) => {
      expect((await ask(`${proxyUrl}/y/a`)).headers['x-target']).toBe('t')
      expect((await ask(`${adminUrl}/services`, json({ host: 'a.b' }))).status).toBe(405)
    })
  }, 60_000)

  // The runtime drops a request whose client has left: what it counted must be given back before.
  it('frees the target of a client that left while it waited', async () => {
    const other = await startTarget('u')
    const both = [target, other].map((one) => ({ one, urls: [] as string[] }))
    for (const { one, urls } of both) {
      one.manner = ({ url = '' }, response) => {
        urls.push(url)
        if (url !== '/stall') response.end('ok')
      }
    }
    const targets = both.map(({ one }) => ({ target: `127.0.0.1:${one.port}` }))
    const upstream = { name: 'u', algorithm: 'least-connections', targets }
    const service = { name: 's', host: 'u', routes: [{ name: 'r', paths: ['/'] }] }
    const configText = JSON.stringify({
      _format_version: '3.0',
      upstreams: [upstream],
      services: [service],
    })
    await withGateway({ configText }, async ({ proxyUrl, proxyPort }) => {
      // What keeps time for others goes on when its client has left: not this one, then.
      await ask(`${proxyUrl}/before`)
      const client = connect(proxyPort, '127.0.0.1', () =>
        client.write('GET /stall HTTP/1.1\r\nHost: a\r\n\r\n'),
      )
      client.on('error', () => {})
      const stalled = async () => both.find(({ urls }) => urls.includes('/stall'))
      const held = await until(stalled, (one) => one !== undefined)
      client.resetAndDestroy()
      const asked = async () => {
        await ask(`${proxyUrl}/after`)
        return held?.urls.includes('/after')
      }
      expect(await until(asked, (again) => again === true)).toBe(true)
    })
    target.manner = 'ok'
    await other.close()
  }, 60_000)

  // Nobody chooses by it, so it is told a round or two later; the upstream sees at once that nobody waits.
  it('counts a client that left no more, with an algorithm that does not go by it', async () => {
    const stalled: ServerResponse[] = []
    let closed = 0
    target.manner = ({ url }, response) => {
      if (url !== '/stall') return void response.end('ok')
      response.on('close', () => closed++)
      stalled.push(response)
    }
    const address = `127.0.0.1:${target.port}`
    const upstream = { name: 'u', targets: [{ target: address }] }
    const service = { name: 's', host: 'u', routes: [{ name: 'r', paths: ['/'] }] }
    const configText = JSON.stringify({
      _format_version: '3.0',
      upstreams: [upstream],
      services: [service],
    })
    await withGateway({ configText }, async ({ adminUrl, proxyUrl, proxyPort }) => {
      await ask(`${proxyUrl}/before`)
      const client = connect(proxyPort, '127.0.0.1', () =>
        client.write('GET /stall HTTP/1.1\r\nHost: a\r\n\r\n'),
      )
      client.on('error', () => {})
      await until(
        async () => stalled.length,
        (count) => count === 1,
      )
      const busy = async () => {
        const { body } = await ask(`${adminUrl}/upstreams/u/health?stats=1`)
        return JSON.parse(body).data[0].stats[0].in_flight
      }
      expect(await busy()).toBe(1)
      client.resetAndDestroy()
      expect(
        await until(
          async () => closed,
          (count) => count === 1,
        ),
      ).toBe(1)
      const asked = async () => {
        await ask(`${proxyUrl}/after`)
        return busy()
      }
      expect(await until(asked, (count) => count === 0)).toBe(0)
    })
    target.manner = 'ok'
  }, 60_000)

  // One request's timer wakes all that wait long; here it is one that was answered long ago.
  it('answers 504 to one that waits longer than the request that keeps time', async () => {
    target.manner = (request, response) => {
      if (request.url !== '/stall') response.end('ok')
    }
    const url = `http://127.0.0.1:${target.port}`
    const service = { name: 's', url, read_timeout: 5000, retries: 0, routes: [{ paths: ['/'] }] }
    const configText = JSON.stringify({ _format_version: '3.0', services: [service] })
    await withGateway({ configText }, async ({ proxyUrl }) => {
      expect((await ask(`${proxyUrl}/`)).status).toBe(200)
      expect((await ask(`${proxyUrl}/stall`)).status).toBe(504)
    })
    target.manner = 'ok'
  }, 60_000)

  it('carries a WebSocket, whose frames the platform reads', async () => {
    const echo = createServer()
    echo.on('upgrade', (request, socket) => {
      const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
      const accept = createHash('sha1').update(key).digest('base64')
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nX-Own: kept\r\n\r\n`,
      )
      socket.on('error', () => {})
      socket.on('end', () => socket.end())
      socket.on('data', () => socket.write(Buffer.from([0x82, 2, 104, 105])))
    })
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
    const { port } = echo.address() as AddressInfo

    await withGateway({}, async ({ adminUrl, proxyPort }) => {
      await ask(`${adminUrl}/services`, json({ name: 'ws', url: `http://127.0.0.1:${port}` }))
      await ask(`${adminUrl}/services/ws/routes`, json({ paths: ['/ws'] }))
      const got = await talk(proxyPort)
      expect(got).toMatch(/^HTTP\/1\.1 101 /)
      expect(got).toMatch(/x-own: kept/i)
      expect(got.endsWith('\x82\x02hi')).toBe(true)
    })
    echo.close()
  }, 60_000)
})

/** Opens a WebSocket, sends one frame, and gives all that came within half a second. */
function talk(port: number): Promise<string> {
  const head =
    'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
  return new Promise((resolve) => {
    let got = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(head))
    socket.on('data', (chunk) => {
      if (got === '') socket.write(Buffer.from([0x81, 0x81, 0, 0, 0, 0, 97]))
      got += chunk.toString('latin1')
    })
    socket.on('error', () => resolve(got))
    setTimeout(() => {
      socket.destroy()
      resolve(got)
    }, 500)
  })
}

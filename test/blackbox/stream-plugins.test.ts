import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ZipkinSpan } from '../../src/plugins/zipkin/span.ts'
import { type Came, type Collector, collectHttp, collectUdp } from '../logs/collectors.ts'
import { freePorts } from '../runtimes/ports.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask, json, until } from './client.ts'
import { RUNTIMES } from './runtimes.ts'

/** What code finds of a session, in its log entry. */
const SEEN = `kong.log.set_serialize_value("seen", table.concat({
  ngx.config.subsystem, ngx.var.protocol, ngx.var.bytes_received, ngx.var.bytes_sent,
  kong.client.get_ip(), kong.router.get_service().name }, " "))`
const AT = '127.0.0.1'

// A Worker has no listener for streams.
const WITH_LISTENERS = RUNTIMES.filter((runtime) => runtime !== 'workerd')

describe.each(WITH_LISTENERS)('plugins of streams on %s', (runtime) => {
  const folder = mkdtempSync(join(tmpdir(), 'gibbon-stream-plugins-'))
  const path = join(folder, 'sessions.log')
  let gateway: RunningGateway
  let targets: readonly [tcp: Server, udp: UdpSocket]
  let ports: readonly [tcp: number, udp: number]
  let stats: Collector<string>
  let agent: Collector<string>
  let spans: Collector<Came>

  beforeAll(async () => {
    ports = await freePorts()
    targets = [await welcome(), await welcomeByDatagrams()]
    ;[stats, agent, spans] = [await collectUdp(), await collectUdp(), await collectHttp()]
    const [tcp, udp] = ports
    gateway = await startGateway(runtime, {
      settings: {
        stream_listen: `${AT}:${tcp}, ${AT}:${udp} udp`,
        untrusted_lua: 'sandbox',
        shutdown_timeout: '2',
      },
    })
    for (const [name, target, listened] of [
      ['tcp', targets[0], tcp],
      ['udp', targets[1], udp],
    ] as const) {
      // Proof: both listen on an address.
      const { port } = target.address() as AddressInfo
      await put(`/services/${name}`, { protocol: name, host: AT, port, read_timeout: 300 })
      const destinations = [{ port: listened }]
      await put(`/services/${name}/routes/${name}`, { protocols: [name], destinations })
    }
    const http_endpoint = `http://${AT}:${spans.port}/api/v2/spans`
    const plugins = {
      statsd: { host: AT, port: stats.port },
      datadog: { host: AT, port: agent.port },
      zipkin: { http_endpoint, sample_ratio: 1 },
      'pre-function': { log: [SEEN] },
      'post-function': { log: ['kong.request.get_path()'] },
      'file-log': { path },
    }
    for (const [name, config] of Object.entries(plugins)) {
      const made = json({ name, protocols: ['tcp', 'udp'], config })
      const { status, body } = await ask(`${gateway.adminUrl}/plugins`, made)
      expect([status, body]).toEqual([201, body])
    }
  }, 60_000)
  afterAll(async () => {
    await gateway?.stop()
    for (const one of [...(targets ?? []), stats, agent, spans]) one?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function put(to: string, value: object): Promise<void> {
    const { status, body } = await ask(`${gateway.adminUrl}${to}`, json(value, 'PUT'))
    expect([status, body]).toEqual([200, body])
  }
  const entries = () =>
    readFileSync(path, { encoding: 'utf8', flag: 'a+' })
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
  const spansOf = (service: string): ZipkinSpan[] => {
    const all: ZipkinSpan[] = spans.came.flatMap(({ body }) =>
      JSON.parse(new TextDecoder().decode(body)),
    )
    const trace = all.find(({ remoteEndpoint }) => remoteEndpoint?.serviceName === service)?.traceId
    return all.filter(({ traceId }) => traceId === trace)
  }

  it.each([
    { name: 'tcp', visit: overTcp, seen: 'stream TCP 5 7 127.0.0.1 tcp' },
    { name: 'udp', visit: overUdp, seen: 'stream UDP 5 7 127.0.0.1 udp' },
  ] as const)(
    'tell of a session of $name',
    async ({ name, visit, seen }) => {
      expect(await visit(name === 'tcp' ? ports[0] : ports[1])).toBe('welcome')

      const about = (lines: readonly string[]) => lines.filter((line) => line.includes(name))
      const timed = (lines: readonly string[]) =>
        lines.map((line) => line.replace(/\d+\|ms/, 'N|ms'))
      const scope = `kong.service.${name}`
      const workspace = '0dc6f45b-8f8d-40d2-a504-473544ee190b'
      const told = await until(
        async () => about(stats.came),
        ({ length }) => length >= 4,
      )
      expect(timed(told).sort()).toEqual([
        `${scope}.kong_latency:N|ms`,
        `${scope}.request.count:1|c`,
        `${scope}.status.200:1|c`,
        `${scope}.workspace.${workspace}.status.200:1|c`,
      ])

      const tags = `#name:${name},status:-,app:kong`
      const tagged = await until(
        async () => about(agent.came),
        ({ length }) => length >= 2,
      )
      expect(timed(tagged).sort()).toEqual([
        `kong.kong_latency:N|ms|${tags}`,
        `kong.request.count:1|c|${tags}`,
      ])

      const reported = await until(
        async () => spansOf(name),
        ({ length }) => length >= 3,
      )
      const [attempt, proxy, whole, ...more] = reported
      expect(more).toEqual([])
      expect(attempt).toMatchObject({ name: 'stream (balancer try 1)', parentId: whole?.id })
      expect(proxy).toMatchObject({ name: 'stream (proxy)', parentId: whole?.id })
      expect(proxy?.annotations?.map(({ value }) => value)).toEqual(['kps', 'kpf'])
      expect(whole).toMatchObject({
        name: 'stream',
        remoteEndpoint: { ipv4: AT },
        tags: { lc: 'kong' },
      })

      const [entry] = await until(
        async () => entries().filter(({ service }) => service.name === name),
        ({ length }) => length > 0,
      )
      expect(entry).toMatchObject({ seen, session: { received: 5, sent: 7, status: 200 } })
      expect(gateway.stderr()).toContain('there is no request in a stream session')
    },
    20_000,
  )
})

/** A server that says one word to whoever has said something. */
async function welcome(): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {}).once('data', () => socket.end('welcome'))
  })
  server.listen(0, AT)
  await once(server, 'listening')
  return server
}

/** The same with datagrams. */
async function welcomeByDatagrams(): Promise<UdpSocket> {
  const server = createSocket('udp4')
  server.on('message', (_, from) => server.send('welcome', from.port, from.address))
  server.bind(0, AT)
  await once(server, 'listening')
  return server
}

function overTcp(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const socket = connect(port, AT).on('error', reject)
    socket.on('data', (bytes) => {
      said += bytes.toString()
    })
    socket.on('close', () => resolve(said))
    socket.write('hello')
  })
}

async function overUdp(port: number): Promise<string> {
  const socket = createSocket('udp4')
  socket.send('hello', port, AT)
  const [bytes] = await once(socket, 'message', { signal: AbortSignal.timeout(5000) })
  socket.close()
  return String(bytes)
}

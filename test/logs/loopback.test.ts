import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createMemoryKV } from '../../adapters/memory/kv.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import { createSocketTransport } from '../../adapters/node-http/transport.ts'
import { createNodeFiles } from '../../adapters/sockets/files.ts'
import { createNodeSockets } from '../../adapters/sockets/sockets.ts'
import { createLoggerSyslog } from '../../adapters/sockets/syslog.ts'
import { createGateway } from '../../src/gateway.ts'
import { toHex } from '../../src/lib/hex.ts'
import { clientRequest, fakeRuntime, settingsWith, textOf } from '../proxy/fakes.ts'
import { type Came, type Collector, collectHttp, collectTcp, collectUdp } from './collectors.ts'
import { inProto, readProto } from './read-protobuf.ts'

let http: Collector<Came>
let tcp: Collector<string[]>
let tls: Collector<string[]>
let udp: Collector<string>
let statsd: Collector<string>
const folder = mkdtempSync(join(tmpdir(), 'gibbon-logs-'))
const file = join(folder, 'requests.log')
const systemLog = join(folder, 'system.log')

beforeAll(async () => {
  http = await collectHttp()
  tcp = await collectTcp({ tls: false })
  tls = await collectTcp({ tls: true })
  udp = await collectUdp()
  statsd = await collectUdp()
})

afterAll(() => {
  for (const one of [http, tcp, tls, udp, statsd]) one.close()
  rmSync(folder, { recursive: true, force: true })
})

function plugins() {
  const host = '127.0.0.1'
  const at = `http://${host}:${http.port}`
  return [
    { name: 'file-log', config: { path: file } },
    { name: 'http-log', config: { http_endpoint: `${at}/logs`, queue: { max_batch_size: 3 } } },
    { name: 'tcp-log', config: { host, port: tcp.port } },
    { name: 'tcp-log', route: 'secure', config: { host, port: tls.port, tls: true } },
    { name: 'udp-log', config: { host, port: udp.port } },
    { name: 'syslog', config: {} },
    { name: 'loggly', config: { host, port: udp.port, key: 'k' } },
    { name: 'statsd', config: { host, port: statsd.port, udp_packet_size: 60_000 } },
    { name: 'datadog', config: { host, port: statsd.port } },
    { name: 'zipkin', config: { http_endpoint: `${at}/zipkin`, sample_ratio: 1 } },
    { name: 'opentelemetry', config: { traces_endpoint: `${at}/traces`, sampling_rate: 1 } },
  ]
}

/** Serves these requests, each with its plugins, and leaves. */
async function serve(targets: readonly string[]): Promise<readonly string[]> {
  const runtime = { ...fakeRuntime(), now: Date.now, random: Math.random }
  const gateway = await createGateway({
    store: createMemoryStore(),
    kv: createMemoryKV(runtime),
    transport: createSocketTransport(),
    runtime,
    settings: settingsWith({ unimplementedPlugins: 'refuse' }),
    sockets: createNodeSockets(),
    files: createNodeFiles(),
    syslog: createLoggerSyslog({ command: ['sh', '-c', `cat >> ${systemLog}`] }),
  })
  const routes = [
    { name: 'all', paths: ['/'] },
    { name: 'secure', paths: ['/secure'] },
  ]
  const echo = { name: 'echo', url: `http://127.0.0.1:${http.port}/echo`, routes }
  await gateway.applyConfig({ _format_version: '3.0', services: [echo], plugins: plugins() })
  for (const target of targets) {
    const answer = await gateway.handle(clientRequest({ host: 'a.test', target }))
    expect(await textOf(answer.body)).toBe('hello')
    answer.finished?.(true)
  }
  await gateway.close()
  return runtime.lines
}

const urisIn = (texts: readonly string[]) =>
  texts
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).request.uri)

it('reaches servers that listen', async () => {
  const lines = await serve(['/a', '/b', '/secure'])
  expect(lines).toEqual([])
  const all = ['/a', '/b', '/secure']

  expect(urisIn([readFileSync(file, 'utf8')])).toEqual(all)
  await expect.poll(() => urisIn(tcp.came.flat())).toEqual(['/a', '/b'])
  expect(tcp.came).toHaveLength(1)
  await expect.poll(() => urisIn(tls.came.flat())).toEqual(['/secure'])

  const logged = http.came.filter(({ path }) => path === '/logs')
  const entries = logged.map(({ body }) => JSON.parse(new TextDecoder().decode(body)))
  expect(entries.flat().map(({ request }) => request.uri)).toEqual(all)
  expect(logged).toHaveLength(1)

  await expect.poll(() => udp.came.filter((text) => text.startsWith('{'))).toHaveLength(3)
  await expect.poll(() => udp.came.filter((text) => text.startsWith('<14>1 '))).toHaveLength(3)
  const isDatadog = (text: string) => text.includes('|#name:echo,')
  await expect.poll(() => statsd.came.filter(isDatadog)).toHaveLength(18)
  expect(statsd.came.filter((text) => !isDatadog(text))).toHaveLength(3)

  const written = readFileSync(systemLog, 'utf8').trim().split('\n')
  expect(written).toHaveLength(3)
  for (const line of written) expect(line).toMatch(/^<14>\{/)
})

it('reports spans whose ids the next one was told', async () => {
  const toEcho = http.came.filter(({ path }) => path.startsWith('/echo'))
  const zipkin = http.came.filter(({ path }) => path === '/zipkin')
  const traces = http.came.filter(({ path }) => path === '/traces')
  expect(traces[0]?.headers['content-type']).toBe('application/x-protobuf')
  const reported = zipkin.flatMap(({ body }) => JSON.parse(new TextDecoder().decode(body)))
  expect(reported).toHaveLength(9)
  const spans = traces.flatMap(({ body }) =>
    readProto(inProto(body, 1, 2)).filter(({ field }) => field === 2),
  )
  expect(spans).toHaveLength(6)
  // Zipkin's comes first, and OpenTelemetry goes on from what it has written.
  const proxying = reported.filter(({ name }) => name === 'GET (proxy)').map(({ id }) => id)
  const [roots, tries] = ['kong', 'kong.balancer'].map((name) =>
    spans.filter(({ bytes }) => new TextDecoder().decode(inProto(bytes, 5)) === name),
  )
  expect(roots?.map(({ bytes }) => toHex(inProto(bytes, 4)))).toEqual(proxying)
  const told = toEcho.map(({ headers }) => headers['x-b3-spanid'])
  expect(told).toEqual(tries?.map(({ bytes }) => toHex(inProto(bytes, 2))))
})

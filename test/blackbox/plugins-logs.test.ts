import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Came,
  type Collector,
  collectHttp,
  collectTcp,
  collectUdp,
} from '../logs/collectors.ts'
import { inProto, readProto } from '../logs/read-protobuf.ts'
import { CONSUMER, KEY } from '../plugins/rows-consumer.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask, until } from './client.ts'
import { askRow } from './plugins-ask.ts'
import { RUNTIMES } from './runtimes.ts'

/** Who waits for what gateways tell. */
interface Collectors {
  readonly http: Collector<Came>
  readonly tcp: Collector<string[]>
  readonly udp: Collector<string>
}

const ONE = { max_batch_size: 1, max_coalescing_delay: 0.01 }
const host = '127.0.0.1'

function configFor({ http, tcp, udp }: Collectors, file: string | undefined): string {
  const at = `http://${host}:${http.port}`
  const plugins = [
    KEY,
    { name: 'prometheus', config: { status_code_metrics: true, per_consumer: true } },
    { name: 'http-log', config: { http_endpoint: `${at}/logs`, queue: ONE } },
    { name: 'tcp-log', config: { host, port: tcp.port } },
    { name: 'zipkin', config: { http_endpoint: `${at}/zipkin`, sample_ratio: 1, queue: ONE } },
    {
      name: 'opentelemetry',
      config: { traces_endpoint: `${at}/traces`, sampling_rate: 1, queue: ONE },
    },
    ...(file === undefined ? [] : withFilesAndUdp(udp.port, file)),
  ]
  const route = { name: 'logged', paths: ['/'], plugins }
  const service = { name: 'echo', url: `${at}/echo`, routes: [route] }
  return JSON.stringify({ _format_version: '3.0', services: [service], consumers: [CONSUMER] })
}

function withFilesAndUdp(port: number, path: string): object[] {
  return [
    { name: 'file-log', config: { path } },
    { name: 'udp-log', config: { host, port } },
    { name: 'loggly', config: { host, port, key: 'loggly-key' } },
    { name: 'statsd', config: { host, port, prefix: 'stats', queue: ONE } },
    { name: 'datadog', config: { host, port, prefix: 'dog', queue: ONE } },
  ]
}

describe.each(RUNTIMES)('what is logged on %s', (runtime) => {
  const folder = mkdtempSync(join(tmpdir(), 'gibbon-logged-'))
  const file = runtime === 'workerd' ? undefined : join(folder, 'requests.log')
  let gateway: RunningGateway
  let collectors: Collectors

  beforeAll(async () => {
    const [http, tcp, udp] = [
      await collectHttp(),
      await collectTcp({ tls: false }),
      await collectUdp(),
    ]
    collectors = { http, tcp, udp }
    const config = join(folder, 'kong.yaml')
    writeFileSync(config, configFor(collectors, file))
    gateway = await startGateway(runtime, { config })
    const headers = { apikey: 'ann-key', 'x-a': '1' }
    expect(await askRow(gateway.proxyPort, '/seen?a=1', { headers })).toMatchObject({ status: 200 })
    expect(await askRow(gateway.proxyPort, '/unseen')).toMatchObject({ status: 401 })
  }, 60_000)
  afterAll(async () => {
    await gateway?.stop()
    for (const one of Object.values(collectors)) one.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Waits for two entries, and looks at them. */
  const expectEntries = async (look: () => readonly string[]): Promise<void> => {
    const lines = await until(
      async () => look(),
      ({ length }) => length >= 2,
    )
    const entries = lines.map((line) => JSON.parse(line))
    const sorted = entries.sort((a, b) => a.response.status - b.response.status)
    expect(sorted).toHaveLength(2)
    expect(sorted[0]).toMatchObject({
      request: { method: 'GET', uri: '/seen?a=1', headers: { 'x-a': '1' } },
      response: { status: 200 },
      consumer: { username: 'ann' },
      route: { name: 'logged' },
      service: { name: 'echo' },
      client_ip: expect.stringMatching(/127\.0\.0\.1$/),
    })
    expect(sorted[1]).toMatchObject({ request: { uri: '/unseen' }, response: { status: 401 } })
  }
  const posted = (path: string) => collectors.http.came.filter((one) => one.path === path)
  const textOf = ({ body }: Came) => new TextDecoder().decode(body)
  const linesOf = (text: string) => text.split('\n').filter((line) => line !== '')

  it('http-log posts every request', () => expectEntries(() => posted('/logs').map(textOf)))

  it('tcp-log writes a line for every request', () =>
    expectEntries(() => linesOf(collectors.tcp.came.flat().join(''))))

  it('zipkin and opentelemetry tell of the same spans', async () => {
    const [zipkin, otlp] = await until(
      async () => [posted('/zipkin'), posted('/traces')] as const,
      ([one, other]) => one.length >= 2 && other.length >= 2,
    )
    const reported = zipkin.flatMap((one) => JSON.parse(textOf(one)))
    const proxying = reported.find(({ name }) => name === 'GET (proxy)')
    expect(reported.map(({ traceId }) => traceId)).toContain(proxying.traceId)
    const [told] = collectors.http.came.filter(({ path }) => path.startsWith('/echo'))
    expect(told?.headers['x-b3-traceid']).toBe(proxying.traceId)
    const spans = otlp.flatMap(({ body }) =>
      readProto(inProto(body, 1, 2)).filter(({ field }) => field === 2),
    )
    const traceIds = spans.map(({ bytes }) => Buffer.from(inProto(bytes, 1)).toString('hex'))
    expect(traceIds).toContain(proxying.traceId)
  })

  it('prometheus tells of every request', async () => {
    const { body } = await ask(`${gateway.adminUrl}/metrics`)
    const counts = linesOf(body).filter((line) => line.startsWith('kong_http_requests_total{'))
    expect(counts.filter((line) => /code="200".*consumer="ann".* 1$/.test(line))).toHaveLength(1)
    expect(counts.filter((line) => /code="401".*consumer="".* 1$/.test(line))).toHaveLength(1)
  })

  describe.skipIf(file === undefined)('where there are files and UDP', () => {
    const datagrams = (pattern: RegExp) => collectors.udp.came.filter((text) => pattern.test(text))

    it('file-log writes a line for every request', () =>
      expectEntries(() => linesOf(readFileSync(file ?? '', 'utf8'))))

    it('udp-log sends a datagram for every request', () => expectEntries(() => datagrams(/^\{/)))

    it('loggly gets a syslog message for every request', () =>
      expectEntries(() =>
        datagrams(/^<\d+>1 .*\[loggly-key@41058 /).map((text) => text.slice(text.indexOf('{'))),
      ))

    it.each([
      ['statsd', 'stats\\.service\\.echo\\.request\\.count:1\\|c'],
      ['statsd', 'stats\\.service\\.echo\\.status\\.401:1\\|c'],
      ['datadog', 'dog\\.request\\.count:1\\|c\\|#name:echo,status:200,consumer:ann-1,app:kong'],
      ['datadog', 'dog\\.latency:\\d+\\|ms\\|#name:echo'],
    ])('%s gets %s', async (_, pattern) => {
      const lines = async () => datagrams(new RegExp(pattern, 'm'))
      expect((await until(lines, ({ length }) => length > 0)).length).toBeGreaterThan(0)
    })
  })
})

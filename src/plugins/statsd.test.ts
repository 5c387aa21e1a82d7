import { describe, expect, it } from 'vitest'
import { fakeSockets, REFUSED } from '../../test/logs/fake-outlets.ts'
import { type Logging, openLogging } from '../../test/logs/open-logging.ts'
import { incoming } from '../../test/proxy/fakes.ts'
import { packetsOf } from './metrics/stat-line.ts'

const ann = { username: 'ann', custom_id: 'a.1', keyauth_credentials: [{ key: 'k' }] }

function open(config: object = {}, given: object = {}): Promise<Logging> {
  return openLogging({
    plugins: [{ name: 'statsd', config: { host: 'stats', ...config } }, { name: 'key-auth' }],
    config: { consumers: [ann] },
    upstream: () => incoming({ status: 201 }),
    ...given,
  })
}

const metric = (name: string, rest: object = {}) => [
  { name, stat_type: 'counter', sample_rate: 1, ...rest },
]

/** The lines of a request of that consumer. */
async function linesOf(config: object, target = '/?apikey=k'): Promise<string[]> {
  const rig = await open(config)
  await rig.ask(target)
  await rig.gateway.close()
  return rig.sockets.datagrams.map(({ text }) => text)
}

it('sends Kong’s metrics, a datagram each', async () => {
  const rig = await open()
  await rig.ask('/?apikey=k')
  await rig.gateway.close()
  expect(new Set(rig.sockets.datagrams.map(({ to }) => to))).toEqual(new Set(['stats:8125']))
  const lines = rig.sockets.datagrams.map(({ text }) =>
    text.replace(/\d+(?=\|)/, 'N').replace(/route\.[^.]+/, 'route.R'),
  )
  expect(lines).toEqual([
    'kong.service.echo.request.count:N|c',
    'kong.service.echo.latency:N|ms',
    'kong.service.echo.request.size:N|c',
    'kong.service.echo.status.201:N|c',
    'kong.service.echo.response.size:N|c',
    'kong.service.echo.user.uniques:a.N|s',
    'kong.service.echo.user.a.1.request.count:N|c',
    'kong.service.echo.upstream_latency:N|ms',
    'kong.service.echo.kong_latency:N|ms',
    'kong.service.echo.user.a.1.status.201:N|c',
    'kong.service.echo.workspace.0dc6f45b-8f8d-40d2-a504-473544ee190b.status.201:N|c',
    'kong.route.R.user.a.1.status.201:N|c',
  ])
})

it.each<{ config: object; line: string | RegExp | undefined; target?: string }>([
  { config: { prefix: 'edge' }, line: 'edge.service.echo.request.count:1|c' },
  {
    config: { hostname_in_prefix: true },
    line: 'kong.node.localhost.service.echo.request.count:1|c',
  },
  { config: { metrics: metric('request_count', { sample_rate: 0.5 }) }, line: /:1\|c\|@0\.5$/ },
  { config: { metrics: metric('request_count', { stat_type: 'gauge' }) }, line: /:1\|g$/ },
  {
    config: { service_identifier_default: 'service_host' },
    line: 'kong.service.echo_test.request.count:1|c',
  },
  {
    config: { metrics: metric('request_count', { service_identifier: 'service_id' }) },
    line: /^kong\.service\.[\da-f-]{36}\.request/,
  },
  {
    config: { metrics: metric('request_per_user', { consumer_identifier: 'username' }) },
    line: 'kong.service.echo.user.ann.request.count:1|c',
  },
  {
    config: { metrics: metric('request_per_user'), consumer_identifier_default: 'consumer_id' },
    line: /user\.[\da-f-]{36}\.request/,
  },
  {
    config: {
      metrics: metric('status_count_per_workspace'),
      workspace_identifier_default: 'workspace_name',
    },
    line: 'kong.service.echo.workspace.default.status.201:1|c',
  },
  { config: { metrics: metric('request_per_user') }, target: '/', line: undefined },
  { config: { metrics: metric('upstream_latency') }, target: '/', line: undefined },
  { config: { metrics: metric('shdict_usage') }, line: undefined },
  { config: { allow_status_codes: ['200-200', '300-500'] }, line: undefined },
  { config: { allow_status_codes: ['201-201'] }, line: 'kong.service.echo.request.count:1|c' },
])('sends $line with $config', async ({ config, line, target }) => {
  const [first] = await linesOf(config, target)
  if (line instanceof RegExp) expect(first).toMatch(line)
  else expect(first).toBe(line)
})

describe('tags', () => {
  const tags = (between: string) =>
    [
      ['service', 'echo'],
      ['route', 'all'],
      ['workspace', '0dc6f45b-8f8d-40d2-a504-473544ee190b'],
      ['consumer', 'a.1'],
      ['node', 'localhost'],
      ['status', '201'],
    ]
      .map((pair) => pair.join(between))
      .join(',')

  it.each([
    { tag_style: 'dogstatsd', line: `kong.request.count:1|c|#${tags(':')}` },
    { tag_style: 'influxdb', line: `kong.request.count,${tags('=')}:1|c` },
    { tag_style: 'librato', line: `kong.request.count#${tags('=')}:1|c` },
    { tag_style: 'signalfx', line: `kong.request.count[${tags('=')}]:1|c` },
  ])('are written as $tag_style', async ({ tag_style, line }) => {
    const lines = await linesOf({ tag_style, hostname_in_prefix: true })
    expect(lines[0]).toBe(line)
    expect(lines).toHaveLength(6)
  })
})

it('names the machine without its dots', async () => {
  const config = { metrics: metric('request_count'), hostname_in_prefix: true }
  const rig = await open(config, { machine: { hostname: 'edge-1.test' } })
  await rig.ask('/')
  await rig.gateway.close()
  const lines = rig.sockets.datagrams.map(({ text }) => text)
  expect(lines).toEqual(['kong.node.edge-1_test.service.echo.request.count:1|c'])
})

describe('packets', () => {
  it('hold as many lines as fit', async () => {
    const rig = await open({ udp_packet_size: 1000 })
    await rig.ask('/?apikey=k')
    await rig.gateway.close()
    expect(rig.sockets.datagrams).toHaveLength(1)
    expect(rig.sockets.datagrams[0]?.text.split('\n')).toHaveLength(12)
  })

  it.each([
    { lines: ['aa', 'bb', 'cc'], size: 5, packets: ['aa\nbb', 'cc'] },
    { lines: ['aa', 'bb'], size: 4, packets: ['aa', 'bb'] },
    { lines: ['aaaaaa', 'b'], size: 3, packets: ['aaaaaa', 'b'] },
    { lines: ['é', 'b'], size: 3, packets: ['é', 'b'] },
    { lines: ['a', 'b'], size: 0, packets: ['a', 'b'] },
  ])('of $size for $lines', ({ lines, size, packets }) => {
    expect(packetsOf(lines, size)).toEqual(packets)
  })
})

it('sends lines over TCP', async () => {
  const rig = await open({ use_tcp: true, port: 9 })
  await rig.ask('/?apikey=k')
  await rig.gateway.close()
  expect(rig.sockets.datagrams).toEqual([])
  const [one] = rig.sockets.opened
  expect(one).toMatchObject({ host: 'stats', port: 9, closed: true })
  expect(one?.written.join('')).toMatch(/^kong\.service\.echo\.request\.count:1\|c\n.*\n$/s)
})

const LOST =
  'error: could not send entries due to max_retry_time exceeded. 1 queue entries were lost'

it('answers while the server is away, and counts what is lost', async () => {
  const rig = await open({ queue: { max_retry_time: 0 } })
  rig.sockets.broken = REFUSED
  expect((await rig.ask('/?apikey=k')).status).toBe(201)
  await rig.gateway.close()
  expect(rig.runtime.lines).toContain(LOST)
})

it.each([
  { config: {}, caps: { udp: false }, said: 'there is no UDP on this runtime' },
  { config: { use_tcp: true }, caps: { tcp: false }, said: 'there are no sockets on this runtime' },
])('is refused: $said', async ({ config, caps, said }) => {
  const outlets = { sockets: fakeSockets(caps) }
  const error = await open(config, { outlets }).catch((one) => one)
  expect(JSON.stringify(error.fields)).toContain(said)
})

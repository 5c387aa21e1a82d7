import { expect, it } from 'vitest'
import { openLogging } from '../../test/logs/open-logging.ts'
import { incoming } from '../../test/proxy/fakes.ts'

const ID = '4c1a4a4e-1111-4000-8000-000000000001'
const ann = { id: ID, username: 'ann', custom_id: 'a-1', keyauth_credentials: [{ key: 'k' }] }

async function linesOf(config: object, target = '/?apikey=k', given: object = {}) {
  const rig = await openLogging({
    plugins: [{ name: 'datadog', config }, { name: 'key-auth' }],
    config: { consumers: [ann] },
    upstream: () => incoming({ status: 201 }),
    ...given,
  })
  await rig.ask(target)
  await rig.gateway.close()
  return rig.sockets.datagrams
}

it('sends Kong’s metrics to the agent', async () => {
  const datagrams = await linesOf({ host: 'agent', port: 9125 })
  expect(new Set(datagrams.map(({ to }) => to))).toEqual(new Set(['agent:9125']))
  const tags = '#name:echo,status:201,consumer:a-1,app:kong'
  expect(datagrams.map(({ text }) => text.replace(/\d+(?=\|)/, 'N'))).toEqual([
    `kong.request.count:N|c|${tags}`,
    `kong.latency:N|ms|${tags}`,
    `kong.request.size:N|ms|${tags}`,
    `kong.response.size:N|ms|${tags}`,
    `kong.upstream_latency:N|ms|${tags}`,
    `kong.kong_latency:N|ms|${tags}`,
  ])
})

it.each([
  {
    config: { prefix: 'edge' },
    line: 'edge.request.count:1|c|#name:echo,status:201,consumer:a-1,app:kong',
  },
  {
    config: { service_name_tag: 's', status_tag: 'code', consumer_tag: 'who' },
    line: 'kong.request.count:1|c|#s:echo,code:201,who:a-1,app:kong',
  },
  {
    config: { metrics: [{ name: 'request_count', stat_type: 'distribution', tags: ['x:1', 'y'] }] },
    line: 'kong.request.count:1|d|#name:echo,status:201,x:1,y',
  },
  {
    config: {
      metrics: [
        {
          name: 'request_count',
          stat_type: 'counter',
          sample_rate: 0.5,
          consumer_identifier: 'consumer_id',
        },
      ],
    },
    line: `kong.request.count:1|c|@0.5|#name:echo,status:201,consumer:${ID.replaceAll('-', '_')}`,
  },
])('sends $line', async ({ config, line }) => {
  expect((await linesOf(config))[0]?.text).toBe(line)
})

it.each([
  { config: {}, to: 'localhost:8125' },
  { config: { host: null, port: null }, to: 'agent.test:9126' },
  { config: { port: null }, to: 'localhost:9126' },
  { config: { host: 'near', port: 9 }, to: 'near:9' },
  { config: { host: null, port: null }, variables: {}, to: 'localhost:8125' },
  {
    config: { port: null },
    variables: { KONG_DATADOG_AGENT_PORT: 'http' },
    to: 'localhost:8125',
  },
])('sends to $to for $config', async ({ config, variables, to }) => {
  const agent = { KONG_DATADOG_AGENT_HOST: 'agent.test', KONG_DATADOG_AGENT_PORT: '9126' }
  const machine = { variables: variables ?? agent }
  const datagrams = await linesOf(config, '/?apikey=k', { machine })
  expect(new Set(datagrams.map((datagram) => datagram.to))).toEqual(new Set([to]))
})

it('tells no upstream’s latency of what it answers itself', async () => {
  const lines = await linesOf({}, '/')
  expect(lines.map(({ text }) => text).join()).not.toContain('upstream_latency')
  expect(lines[0]?.text).toBe('kong.request.count:1|c|#name:echo,status:401,app:kong')
})

it('tells of requests that reach no service, whose name is empty', async () => {
  const config = { services: [], routes: [{ name: 'bare', paths: ['/'] }] }
  const rig = await openLogging({
    plugins: [],
    config: { ...config, plugins: [{ name: 'datadog', config: {} }] },
  })
  expect((await rig.ask('/')).status).toBe(503)
  await rig.gateway.close()
  const [line] = rig.sockets.datagrams.map(({ text }) => text)
  expect(line).toBe('kong.request.count:1|c|#name:,status:503,app:kong')
})

import { expect, it } from 'vitest'
import { fakeSockets } from '../logs/fake-outlets.ts'
import { openGateway } from './open-gateway.ts'

const http_endpoint = 'http://log.test/'
const traces_endpoint = 'http://collector.test:4318/v1/traces'
const OLD = 'please use config.queue'

/** The lines that a write of this plugin brings, the same by the Admin API and by a configuration. */
async function warningsOf(name: string, config: object): Promise<string[]> {
  const { admin, runtime, gateway, close } = await openGateway({ sockets: fakeSockets() })
  const warnings = () => runtime.lines.splice(0).filter((line) => line.includes('config.'))
  warnings()
  expect((await admin('POST', '/plugins', { name, config })).status).toBe(201)
  const [byApi, plugins] = [warnings(), [{ name, config }]]
  await gateway.applyConfig({ _format_version: '3.0', plugins })
  expect(warnings()).toEqual(byApi)
  await close()
  return byApi
}

it.each([
  [
    'http-log',
    { http_endpoint, retry_count: 3, queue_size: 5, flush_timeout: 7 },
    [
      `http-log: config.retry_count no longer works, ${OLD}.max_retry_time instead`,
      `http-log: config.queue_size is deprecated, ${OLD}.max_batch_size instead`,
      `http-log: config.flush_timeout is deprecated, ${OLD}.max_coalescing_delay instead`,
    ],
  ],
  [
    'statsd',
    { flush_timeout: 7 },
    [`statsd: config.flush_timeout is deprecated, ${OLD}.max_coalescing_delay instead`],
  ],
  [
    'datadog',
    { retry_count: 3 },
    [`datadog: config.retry_count no longer works, ${OLD}.max_retry_time instead`],
  ],
  [
    'opentelemetry',
    { traces_endpoint, batch_span_count: 5, batch_flush_delay: 6, header_type: 'b3' },
    [
      `opentelemetry: config.batch_span_count is deprecated, ${OLD}.max_batch_size instead`,
      `opentelemetry: config.batch_flush_delay is deprecated, ${OLD}.max_coalescing_delay instead`,
      'opentelemetry: config.header_type is deprecated, please use config.propagation options instead',
    ],
  ],
  [
    'zipkin',
    { header_type: 'b3', default_header_type: 'w3c' },
    [
      'zipkin: config.header_type is deprecated, please use config.propagation options instead',
      'zipkin: config.default_header_type is deprecated, please use config.propagation.default_format instead',
    ],
  ],
  [
    'rate-limiting',
    { minute: 5, policy: 'redis', redis_host: 'a.test', redis_port: 6380, redis_username: null },
    [
      'rate-limiting: config.redis_host is deprecated, please use config.redis.host instead',
      'rate-limiting: config.redis_port is deprecated, please use config.redis.port instead',
    ],
  ],
  ['rate-limiting', { minute: 5, policy: 'redis', redis: { host: 'a.test' } }, []],
  [
    'response-ratelimiting',
    { limits: { a: { minute: 5 } }, redis_ssl: false },
    ['response-ratelimiting: config.redis_ssl is deprecated, please use config.redis.ssl instead'],
  ],
  [
    'acme',
    {
      account_email: 'a@b.test',
      storage: 'redis',
      storage_config: { redis: { host: 'a.test', auth: 'secret', scan_count: 5 } },
    },
    [
      'acme: config.storage_config.redis.auth is deprecated, please use config.storage_config.redis.password instead',
      'acme: config.storage_config.redis.scan_count is deprecated, please use config.storage_config.redis.extra_options.scan_count instead',
    ],
  ],
  [
    'opentelemetry',
    { endpoint: traces_endpoint },
    ['opentelemetry: config.endpoint is deprecated, please use config.traces_endpoint instead'],
  ],
  ['http-log', { http_endpoint, retry_count: 10, queue_size: 1, flush_timeout: 2 }, []],
  ['http-log', { http_endpoint, queue: { max_batch_size: 5 } }, []],
  ['zipkin', {}, []],
])('%s with %j warns as Kong does', async (name, config, texts) => {
  expect(await warningsOf(name, config)).toEqual(
    texts.map((text) => `warn: ${text} (deprecated after 4.0)`),
  )
})

it('warns of what is merely to be validated, and not of what is refused', async () => {
  const { admin, runtime, close } = await openGateway({ sockets: fakeSockets() })
  const config = { minute: 5, redis_host: 'a.test' }
  const plugin = { name: 'rate-limiting', config }
  const warned = () => runtime.lines.splice(0).filter((line) => line.includes('deprecated after'))
  expect((await admin('POST', '/schemas/plugins/validate', plugin)).status).toBe(200)
  expect(warned()).toHaveLength(1)
  const bad = { ...plugin, config: { ...config, minute: 'x' } }
  expect((await admin('POST', '/plugins', bad)).status).toBe(400)
  expect(warned()).toEqual([])
  await close()
})

it('warns at each write of it, and at no other', async () => {
  const { admin, runtime, close } = await openGateway({ sockets: fakeSockets() })
  const warned = () => runtime.lines.splice(0).filter((line) => line.includes('deprecated after'))
  const config = { http_endpoint, queue_size: 5 }
  const made = await admin('POST', '/plugins', { name: 'http-log', config })
  expect(warned()).toHaveLength(1)
  await admin('POST', '/services', { name: 'other', url: 'http://other.test' })
  expect(warned()).toEqual([])
  const id = String((made.json as { id: unknown }).id)
  await admin('PATCH', `/plugins/${id}`, { tags: ['a'] })
  expect(warned()).toHaveLength(1)
  await admin('DELETE', `/plugins/${id}`)
  expect(warned()).toEqual([])
  await close()
})

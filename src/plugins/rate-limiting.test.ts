import { describe, expect, it } from 'vitest'
import { type Asked, openGateway, type Rig } from '../../test/plugins/open-gateway.ts'
import { clientRequest, incoming } from '../../test/proxy/fakes.ts'
import { createFakeRedis } from '../pdk/redis/fake-redis.fixture.ts'

const ALICE = { username: 'alice', keyauth_credentials: [{ key: 'a' }, { key: 'a2' }] }
const BOB = { username: 'bob', keyauth_credentials: [{ key: 'b' }] }

/** The rig's clock shows 22:13:20. */
function limited(config: object, more: Parameters<typeof openGateway>[0] = {}): Promise<Rig> {
  return openGateway({ plugins_of_route: [{ name: 'rate-limiting', config }], ...more })
}

async function statuses({ ask }: Rig, paths: readonly string[], headers = {}): Promise<number[]> {
  const found: number[] = []
  for (const path of paths) found.push((await ask(path, { headers })).status)
  return found
}

function told({ headers }: Asked): Record<string, string> {
  return Object.fromEntries(Array.from(headers).filter(([name]) => /ratelimit|retry/.test(name)))
}

describe('a request', () => {
  it('passes and is told what is left, the tightest limit once more', async () => {
    const { ask } = await limited({ minute: 2, hour: 10 })
    const answer = await ask('/')
    expect(answer.status).toBe(200)
    expect(told(answer)).toEqual({
      'x-ratelimit-limit-minute': '2',
      'x-ratelimit-remaining-minute': '1',
      'x-ratelimit-limit-hour': '10',
      'x-ratelimit-remaining-hour': '9',
      'ratelimit-limit': '2',
      'ratelimit-remaining': '1',
      'ratelimit-reset': '40',
    })
  })

  it('is refused once a period is full, and counts nowhere then', async () => {
    const { ask, transport, runtime } = await limited({ minute: 1, hour: 5 })
    await ask('/')
    for (let i = 0; i < 9; i++) await ask('/')
    const refused = await ask('/')
    expect(refused.status).toBe(429)
    expect(refused.text).toBe(
      `{\n  "message":"API rate limit exceeded",\n  "request_id":"${refused.headers.get('x-kong-request-id')}"\n}`,
    )
    expect(told(refused)).toEqual({
      'x-ratelimit-limit-minute': '1',
      'x-ratelimit-remaining-minute': '0',
      'x-ratelimit-limit-hour': '5',
      'x-ratelimit-remaining-hour': '4',
      'ratelimit-limit': '1',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '40',
      'retry-after': '40',
    })
    expect(transport.sent).toHaveLength(1)
    runtime.time += 40_000
    expect((await ask('/')).status).toBe(200)
  })

  it.each([
    { period: 'second', now: '2026-01-31T23:59:58.200Z', reset: '1', next: 800 },
    { period: 'minute', now: '2026-01-31T23:59:58.200Z', reset: '2', next: 1800 },
    { period: 'hour', now: '2026-01-31T23:59:00.000Z', reset: '60', next: 60_000 },
    { period: 'day', now: '2026-01-31T23:00:00.000Z', reset: '3600', next: 3_600_000 },
    { period: 'month', now: '2026-01-31T23:00:00.000Z', reset: '3600', next: 3_600_000 },
    { period: 'year', now: '2026-12-31T23:00:00.000Z', reset: '3600', next: 3_600_000 },
  ])('is limited by the calendar $period', async ({ period, now, reset, next }) => {
    const rig = await limited({ [period]: 1 })
    rig.runtime.time = Date.parse(now)
    expect(await statuses(rig, ['/', '/'])).toEqual([200, 429])
    expect((await rig.ask('/')).headers.get('ratelimit-reset')).toBe(reset)
    rig.runtime.time += next - 1
    expect((await rig.ask('/')).status).toBe(429)
    rig.runtime.time += 1
    expect((await rig.ask('/')).status).toBe(200)
  })

  it('passes no more often than allowed, however many come at once', async () => {
    const { ask } = await limited({ minute: 10 })
    const all = await Promise.all(Array.from({ length: 50 }, () => ask('/')))
    expect(all.filter(({ status }) => status === 200)).toHaveLength(10)
    expect(all.filter(({ status }) => status === 429)).toHaveLength(40)
  })

  it('counts in the store of the gateway too, no more often than allowed', async () => {
    const rig = await limited({ minute: 10, hour: 100, policy: 'cluster' })
    const all = await Promise.all(Array.from({ length: 50 }, () => rig.ask('/')))
    expect(all.filter(({ status }) => status === 200)).toHaveLength(10)
    expect((await rig.ask('/')).headers.get('x-ratelimit-remaining-hour')).toBe('90')
    rig.runtime.time += 40_000
    expect((await rig.ask('/')).status).toBe(200)
  })
})

describe('what is told', () => {
  it('is nothing when it is to be hidden', async () => {
    const { ask } = await limited({ minute: 1, hide_client_headers: true })
    expect(told(await ask('/'))).toEqual({})
    const refused = await ask('/')
    expect(refused.status).toBe(429)
    expect(told(refused)).toEqual({})
  })

  it('replaces what the upstream says of itself', async () => {
    const upstream = () => incoming({ headers: ['x-ratelimit-limit-minute', '999'] })
    const { ask } = await limited({ minute: 5 }, { upstream })
    expect((await ask('/')).headers.get('x-ratelimit-limit-minute')).toBe('5')
  })

  it('is on the answer of a plugin behind it', async () => {
    const stop = { name: 'request-termination', config: { status_code: 418 } }
    const limit = { name: 'rate-limiting', config: { minute: 5 } }
    const { ask } = await openGateway({ plugins_of_route: [limit, stop] })
    const answer = await ask('/')
    expect(answer.status).toBe(418)
    expect(answer.headers.get('ratelimit-remaining')).toBe('4')
  })

  it('has the code and the message that are configured', async () => {
    const { ask } = await limited({ minute: 1, error_code: 404, error_message: 'Slow "down"' })
    await ask('/')
    const refused = await ask('/')
    expect(refused.status).toBe(404)
    expect(refused.json).toMatchObject({ message: 'Slow "down"' })
  })

  it.each([1000, 302, 200])(
    'is an error when the code, %s, is that of none',
    async (error_code) => {
      const { ask } = await limited({ minute: 1, error_code })
      await ask('/')
      expect((await ask('/')).status).toBe(500)
    },
  )
})

describe('who is counted', () => {
  const keyed = (config: object) =>
    openGateway({
      config: { consumers: [ALICE, BOB] },
      plugins_of_route: [
        { name: 'key-auth', config: {} },
        { name: 'rate-limiting', config: { minute: 1, ...config } },
      ],
    })

  it.each([
    { limit_by: 'consumer', passing: [200, 429, 200] },
    { limit_by: 'credential', passing: [200, 200, 200] },
    { limit_by: 'ip', passing: [200, 429, 429] },
    { limit_by: 'service', passing: [200, 429, 429] },
  ])('is told by $limit_by', async ({ limit_by, passing }) => {
    const rig = await keyed({ limit_by })
    const paths = ['/?apikey=a', '/?apikey=a2', '/?apikey=b']
    expect(await statuses(rig, paths)).toEqual(passing)
  })

  it('is told by a header, and by the address without it', async () => {
    const rig = await limited({ minute: 1, limit_by: 'header', header_name: 'X-Tenant' })
    expect(await statuses(rig, ['/', '/'], { 'x-tenant': 'one' })).toEqual([200, 429])
    expect(await statuses(rig, ['/', '/'], { 'x-tenant': '__proto__' })).toEqual([200, 429])
    expect(await statuses(rig, ['/', '/'])).toEqual([200, 429])
  })

  it.each([
    { sent: ['one', 'two'], as: ['one'], passing: [200, 429] },
    { sent: ['one', 'two'], as: ['two', 'one'], passing: [200, 200] },
  ])('is told by the first value of a header: $sent, $as', async ({ sent, as, passing }) => {
    const rig = await limited({ minute: 1, limit_by: 'header', header_name: 'x_tenant' })
    const found: number[] = []
    for (const values of [sent, as]) {
      const headers = values.flatMap((value) => ['X-Tenant', value])
      const request = clientRequest({ host: 'a.test', target: '/', headers })
      found.push((await rig.gateway.handle(request)).status)
    }
    expect(found).toEqual(passing)
  })

  it('is told by a path, and by the address elsewhere', async () => {
    const rig = await limited({ minute: 1, limit_by: 'path', path: '/one' })
    expect(await statuses(rig, ['/one?a=1', '/one?a=2'])).toEqual([200, 429])
    expect(await statuses(rig, ['/two', '/three'])).toEqual([200, 429])
  })

  it.each(['consumer', 'credential'])('is the address for want of a %s', async (limit_by) => {
    expect(await statuses(await limited({ minute: 1, limit_by }), ['/', '/'])).toEqual([200, 429])
  })
})

describe('counters', () => {
  it('outlive a change of the configuration', async () => {
    const rig = await limited({ minute: 2 })
    await rig.ask('/')
    const { json } = await rig.admin('GET', '/plugins')
    const [{ id }] = (json as { data: [{ id: string }] }).data
    expect((await rig.admin('PATCH', `/plugins/${id}`, { config: { minute: 5 } })).status).toBe(200)
    expect((await rig.ask('/')).headers.get('x-ratelimit-remaining-minute')).toBe('3')
  })

  it('are apart for each route that has the plugin, and one for all that share it', async () => {
    const plugins = [{ name: 'rate-limiting', config: { minute: 1 } }]
    const route = (name: string) => ({ name, paths: [`/${name}`] })
    const service = (name: string, rest: object) => ({ name, url: 'http://echo.test:80', ...rest })
    const services = [
      service('apart', { routes: ['a', 'b'].map((name) => ({ ...route(name), plugins })) }),
      service('shared', { routes: ['c', 'd'].map(route), plugins }),
    ]
    const rig = await openGateway({ config: { services } })
    expect(await statuses(rig, ['/a', '/b', '/a', '/c', '/d'])).toEqual([200, 200, 429, 200, 429])
  })
})

describe('a Redis that cannot be reached', () => {
  const unreachable = (config: object) => {
    const redis = createFakeRedis()
    redis.refuse = 'ECONNREFUSED'
    const { sockets } = redis
    return limited({ minute: 1, policy: 'redis', redis: { host: 'r' }, ...config }, { sockets })
  }

  it.each([-1, 1])('lets requests pass, and is logged; sync_rate %s', async (sync_rate) => {
    const rig = await unreachable({ sync_rate })
    expect(await statuses(rig, ['/', '/'])).toEqual([200, 200])
    expect(rig.runtime.lines).toContain('error: Cannot count requests')
    expect(told(await rig.ask('/'))).toEqual({})
  })

  it('refuses requests where it is not to be tolerated', async () => {
    const { ask, transport } = await unreachable({ fault_tolerant: false })
    const refused = await ask('/')
    expect(refused.status).toBe(500)
    expect(refused.json).toEqual({ message: 'An unexpected error occurred' })
    expect(transport.sent).toHaveLength(0)
  })
})

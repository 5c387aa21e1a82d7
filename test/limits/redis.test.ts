import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createNodeSockets } from '../../adapters/sockets/sockets.ts'
import { createRedis, type OwnRedisClient } from '../../src/pdk/redis/create-redis.ts'
import type { Sockets } from '../../src/ports/sockets.ts'
import { openGateway, type Rig } from '../plugins/open-gateway.ts'
import { incoming } from '../proxy/fakes.ts'
import { type RedisServer, startRedis, whyNoRedis } from '../redis/redis-server.ts'

const ROUTE = 'b5f32e26-5c5a-4f3f-8b9a-3f3f3f3f3f3f'
const SERVICE = '4e13f54a-bbf1-47a8-8777-255fed7116f2'

const missing = whyNoRedis()
if (missing !== undefined) console.warn(`test/limits is skipped: ${missing}`)

describe.skipIf(missing !== undefined)('two gateways with one Redis', () => {
  let server: RedisServer
  let sockets: Sockets
  let redis: OwnRedisClient
  const rigs: Rig[] = []
  beforeAll(async () => {
    server = await startRedis()
    sockets = createNodeSockets()
    redis = createRedis(sockets, server.options)
  })
  afterAll(async () => {
    redis?.close()
    await sockets?.close()
    await server?.close()
  })
  beforeEach(async () => {
    await redis.command('FLUSHALL')
  })
  afterEach(async () => {
    for (const rig of rigs.splice(0)) await rig.close()
  })
  const gateways = async (plugin: string, config: object, more = {}): Promise<[Rig, Rig]> => {
    const { host, port, timeout, password } = server.options
    const redisConfig = { host, port, timeout, password }
    const own = { policy: 'redis', redis: redisConfig, ...config }
    const route = { id: ROUTE, name: 'one', paths: ['/'], plugins: [{ name: plugin, config: own }] }
    const services = [{ id: SERVICE, name: 'one', url: 'http://a.test:80', routes: [route] }]
    const open = () => openGateway({ config: { services }, sockets, ...more })
    const both: [Rig, Rig] = [await open(), await open()]
    rigs.push(...both)
    return both
  }
  const passed = (answers: readonly { readonly status: number }[]): number =>
    answers.filter(({ status }) => status === 200).length

  it('let exactly the limit pass, however many ask at once', async () => {
    const both = await gateways('rate-limiting', { minute: 10, hour: 100 })
    const asked = Array.from({ length: 50 }, (_, i) => both[i % 2 === 0 ? 0 : 1].ask('/'))
    expect(passed(await Promise.all(asked))).toBe(10)
    const next = await both[1].ask('/')
    expect(next.headers.get('x-ratelimit-remaining-minute')).toBe('0')
    expect(next.headers.get('x-ratelimit-remaining-hour')).toBe('90')
  })

  it("count under Kong's keys, which Redis forgets", async () => {
    const [rig] = await gateways('rate-limiting', { minute: 10 })
    await rig.ask('/')
    const key = `ratelimit:${ROUTE}:${NOBODY}:10.0.0.9:1699999980000:minute`
    expect(await redis.command('KEYS', '*')).toEqual([key])
    expect(await redis.command('GET', key)).toBe('1')
    expect(await redis.command('PTTL', key)).toBeGreaterThan(0)
    expect(await redis.command('PTTL', key)).toBeLessThanOrEqual(45_000)
  })

  it('with sync_rate count apart, and together once they have told Redis', async () => {
    const both = await gateways('rate-limiting', { minute: 10, sync_rate: 60 })
    expect(passed(await asking(both[0], 6))).toBe(6)
    expect(await redis.command('KEYS', '*')).toEqual([])
    await both[0].close()
    expect(await redis.command('KEYS', '*')).toHaveLength(1)
    expect(passed(await asking(both[1], 6))).toBe(4)
  })

  it('with sync_rate tell Redis by themselves', async () => {
    const both = await gateways('rate-limiting', { minute: 10, sync_rate: 0.02 })
    await asking(both[0], 6)
    await expect.poll(() => redis.command('DBSIZE')).toBe(1)
    expect(passed(await asking(both[1], 6))).toBe(4)
  })

  it.each([
    { may: ['+incrby', '+select', '+info', '+expire', '+get', '+exists'] },
    { may: ['+incrby', '+incr', '+select', '+expire', '+get', '+eval', '+evalsha'] },
  ])('let exactly the limit pass for a user of Redis with $may', async ({ may }) => {
    await redis.command('ACL', 'SETUSER', 'taker', 'reset', 'on', 'allkeys', ...may, '>secret')
    const { host, port, timeout } = server.options
    const account = { host, port, timeout, username: 'taker', password: 'secret', database: 3 }
    const config = { minute: 3, redis: account, fault_tolerant: false }
    const both = await gateways('rate-limiting', config)
    const asked = Array.from({ length: 20 }, (_, i) => both[i % 2 === 0 ? 0 : 1].ask('/'))
    expect(passed(await Promise.all(asked))).toBe(3)
    expect((await both[0].ask('/')).headers.get('x-ratelimit-remaining-minute')).toBe('0')
    await redis.command('ACL', 'SETUSER', 'taker', '-@all', '+get')
    expect((await both[0].ask('/')).status).toBe(429)
    await redis.command('ACL', 'SETUSER', 'taker', '-get')
    expect((await both[0].ask('/')).status).toBe(500)
  })

  it('count what upstreams tell as a user who may do no more than Kong asks for', async () => {
    const may = ['+incrby', '+select', '+info', '+expire', '+get', '+exists', '>secret']
    await redis.command('ACL', 'SETUSER', 'counter', 'on', 'allkeys', ...may)
    const { host, port, timeout } = server.options
    const account = { host, port, timeout, username: 'counter', password: 'secret', database: 3 }
    const upstream = () => incoming({ headers: ['x-kong-limit', 'sms=1'] })
    const [rig] = await gateways(
      'response-ratelimiting',
      { limits: { sms: { minute: 6 } }, redis: account, fault_tolerant: false },
      { upstream },
    )
    for (const left of ['5', '4']) {
      const answer = await rig.ask('/')
      expect([answer.status, answer.headers.get('x-ratelimit-remaining-sms-minute')]).toEqual([
        200,
        left,
      ])
    }
    await redis.command('ACL', 'SETUSER', 'counter', '-get')
    expect((await rig.ask('/')).status).toBe(500)
  })

  it('count fractions too', async () => {
    const uses = ['sms=1', 'sms=1.5', 'sms=1', 'sms=0']
    const upstream = (_: unknown, sent: number) =>
      incoming({ headers: ['x-kong-limit', uses[sent - 1] ?? ''] })
    const config = { limits: { sms: { minute: 9 } } }
    const [rig] = await gateways('response-ratelimiting', config, { upstream })
    for (const sum of ['1', '2.5', '3.5']) {
      await rig.ask('/')
      await expect.poll(() => redis.command('GET', KEY_OF_SMS)).toBe(sum)
    }
    const { headers } = await rig.ask('/')
    expect(headers.get('x-ratelimit-remaining-sms-minute')).toBe('5.5')
  })

  it('count what upstreams tell', async () => {
    const upstream = () => incoming({ headers: ['x-kong-limit', 'sms=3'] })
    const both = await gateways(
      'response-ratelimiting',
      { limits: { sms: { minute: 9 } } },
      { upstream },
    )
    const left: (string | null)[] = []
    for (const [i, rig] of [...both, ...both].entries()) {
      left.push((await rig.ask('/')).headers.get('x-ratelimit-remaining-sms-minute'))
      const sum = Math.min(9, 3 * (i + 1))
      await expect.poll(() => redis.command('GET', KEY_OF_SMS)).toBe(`${sum}`)
    }
    expect(left).toEqual(['6', '3', '0', '0'])
  })
})

const NOBODY = '00000000-0000-0000-0000-000000000000'
const KEY_OF_SMS = `response-ratelimit:${ROUTE}:${NOBODY}:10.0.0.9:1699999980000:sms:minute`

function asking({ ask }: Rig, times: number) {
  return Promise.all(Array.from({ length: times }, () => ask('/')))
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RedisServer, startRedis, whyNoRedis } from '../redis/redis-server.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { until } from './client.ts'
import { askRow, type GotRow } from './plugins-ask.ts'
import { startAnswering } from './plugins-target.ts'
import { RUNTIMES } from './runtimes.ts'
import type { Target } from './target.ts'

// A year beside the minute: what passes stays the same when a minute ends meanwhile.
const TEN = { minute: 10, year: 10 }
const POLICIES = whyNoRedis() === undefined ? ['local', 'cluster', 'redis'] : ['local', 'cluster']

/** What each policy counts, and where two gateways count together. */
function configFor(targetPort: number, redisPort: number): string {
  const redis = { host: '127.0.0.1', port: redisPort, password: 'master' }
  const routes = POLICIES.flatMap((policy) => {
    const keeping = { policy, ...(policy === 'redis' ? { redis } : {}) }
    const uses = (limit: object) => ({ ...keeping, limits: { video: limit } })
    return [
      { paths: [`/rate-${policy}`], plugins: [plugin('rate-limiting', { ...TEN, ...keeping })] },
      {
        paths: [`/many-${policy}`],
        plugins: [plugin('response-ratelimiting', uses({ year: 1000 }))],
      },
      { paths: [`/uses-${policy}`], plugins: [plugin('response-ratelimiting', uses(TEN))] },
    ]
  })
  const named = routes.map((route) => ({
    ...route,
    name: route.paths[0]?.slice(1),
    strip_path: false,
  }))
  const echo = { name: 'echo', url: `http://127.0.0.1:${targetPort}`, routes: named }
  return JSON.stringify({ _format_version: '3.0', services: [echo] })
}

function plugin(name: string, config: object) {
  return { name, config }
}

describe.each(RUNTIMES)('G36: limits are exact on %s', (runtime) => {
  let gateways: RunningGateway[] = []
  let redis: RedisServer | undefined
  let target: Target

  beforeAll(async () => {
    target = await startAnswering()
    if (POLICIES.includes('redis')) redis = await startRedis()
    const configText = configFor(target.port, redis?.options.port ?? 1)
    const start = () => startGateway(runtime, { configText })
    gateways = await Promise.all([start(), start()])
  }, 60_000)
  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.stop()))
    await Promise.all([redis?.close(), target.close()])
  })

  /** Gateways that count together. */
  const sharing = (policy: string) => (policy === 'redis' ? gateways : gateways.slice(0, 1))

  /** So many at once, gateway by gateway. */
  const storm = (policy: string, path: string, count = 50): Promise<GotRow[]> => {
    const ports = sharing(policy).map(({ proxyPort }) => proxyPort)
    const at = (i: number) => ports[i % ports.length] ?? 0
    return Promise.all(Array.from({ length: count }, (_, i) => askRow(at(i), path)))
  }

  it.each(POLICIES)('rate-limiting by %s: 10 of 50 at once pass', async (policy) => {
    target.seen.length = 0
    const got = await storm(policy, `/rate-${policy}`)
    const passed = got.filter(({ status }) => status === 200)
    expect(passed).toHaveLength(10)
    expect(got.filter(({ status }) => status === 429)).toHaveLength(40)
    expect(target.seen).toHaveLength(10)
    const left = passed.map(({ headers }) => Number(headers['x-ratelimit-remaining-year']))
    expect(left.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it.each(POLICIES)('response-ratelimiting by %s: no use at once is lost', async (policy) => {
    const path = `/many-${policy}`
    const got = await storm(policy, `${path}/answer?x-kong-limit=video=2`)
    expect(got.map(({ status }) => status)).toEqual(got.map(() => 200))
    for (const { proxyPort } of sharing(policy)) {
      const { headers } = await until(
        () => askRow(proxyPort, path),
        (one) => one.headers['x-ratelimit-remaining-video-year'] === '900',
      )
      expect(headers['x-ratelimit-remaining-video-year']).toBe('900')
    }
  })

  it.each(POLICIES)(
    'response-ratelimiting by %s: nobody passes once all is used',
    async (policy) => {
      const path = `/uses-${policy}`
      await storm(policy, `${path}/answer?x-kong-limit=video=1`, 10)
      for (const { proxyPort } of sharing(policy)) {
        const isUsedUp = ({ headers }: GotRow) =>
          headers['x-ratelimit-remaining-video-year'] === '0'
        expect(isUsedUp(await until(() => askRow(proxyPort, path), isUsedUp))).toBe(true)
      }
      const got = await storm(policy, `${path}/answer?x-kong-limit=video=1`)
      expect(got.map(({ status }) => status)).toEqual(got.map(() => 429))
    },
  )
})

import { describe, expect, it } from 'vitest'
import { addressOf } from './balanced.ts'
import { balancing } from './balancing.ts'
import { until } from './client.ts'
import { RUNTIMES } from './runtimes.ts'
import { eagerly, failed, get, percentile, type Served, steadily } from './steady.ts'
import type { Target } from './target.ts'

// On a Worker the platform sends (failover.test.ts holds there what can be held).
const runtimes = RUNTIMES.filter((runtime) => runtime !== 'workerd')

const LOAD = { perSecond: 200, seconds: 1, path: (n: number) => `${n}` }
/** What nobody waits for in vain is given longer, or a machine with others to serve is taken for a hanging target. */
const LONG = 10_000
const SHORT = 1000
/** The machine has others to serve: times may be so many times what is guaranteed. */
const SLACK = 3

describe.concurrent.each(runtimes)('what is guaranteed when a target fails on %s', (runtime) => {
  const { openTwo } = balancing(runtime)

  it.sequential.each<[string, (bad: Target) => unknown, number]>([
    ['G1: refuses connections', (bad) => bad.close(), LONG],
    ['G2: closes every connection', (bad) => setManner(bad, 'reset'), LONG],
    [
      'G2: resets every connection',
      (bad) => setManner(bad, ({ socket }) => void socket.resetAndDestroy()),
      LONG,
    ],
    ['G3: hangs', (bad) => setManner(bad, 'hang'), SHORT],
  ])('%s: no GET fails at 200/s, no checks set', async (_name, spoil, readTimeout) => {
    const { a, b, pool } = await openTwo({ service: { read_timeout: readTimeout } })
    // It has served before, so that connections to it are kept.
    expect(failed(await steadily(pool.url, { ...LOAD, seconds: 0.1 }))).toEqual([])
    a.seen.length = 0
    b.seen.length = 0

    await spoil(a)
    const served = await steadily(pool.url, LOAD)
    if (a.manner === 'ok') await a.open()
    expect(failed(served)).toEqual([])
    expect(b.seen.length).toBe(LOAD.perSecond)
    expect(mostAsked(a)).toBeLessThanOrEqual(1)
    expect(percentile(served, 0.99)).toBeLessThan(SHORT + 1200 * SLACK)
  })

  it.sequential('G3: of a burst none fails when one of two targets hangs', async () => {
    const { a, pool } = await openTwo({ service: { read_timeout: SHORT } })
    a.manner = 'hang'
    const served = await eagerly(pool.url, { clients: 60, requests: 60 })
    expect(failed(served)).toEqual([])
  })

  it.sequential('G6: passive checks end it within what was in flight, until it is set healthy', async () => {
    const passive = { unhealthy: { http_failures: 3 } }
    const { a, b, pool } = await openTwo({ upstream: { healthchecks: { passive } } })
    a.manner = 500
    const errors = failed(await steadily(pool.url, LOAD)).toSorted((x, y) => x.ended - y.ended)
    const third = errors[2]?.ended ?? 0
    expect(errors.map(({ status }) => status)).toEqual(errors.map(() => 500))
    expect(errors.length).toBeGreaterThanOrEqual(3)
    expect(errors.filter(({ began }) => began > third)).toEqual([])
    expect(await pool.health()).toEqual(['UNHEALTHY', 'HEALTHY'])

    a.manner = 'ok'
    b.seen.length = 0
    expect(failed(await steadily(pool.url, { ...LOAD, seconds: 0.5 }))).toEqual([])
    expect(b.seen.length).toBe(100)
    await pool.admin(`/upstreams/${pool.name}/targets/${addressOf(a)}/healthy`, { method: 'PUT' })
    const back = await until<Served>(
      () => get(pool.url),
      ({ target }) => target === 'a',
      1000 * SLACK,
    )
    expect(back.target).toBe('a')
  })
})

function setManner(target: Target, manner: Target['manner']): void {
  target.manner = manner
}

/** How often the path that a target was asked for most was asked for. */
function mostAsked({ seen }: Target): number {
  const counts = new Map<string, number>()
  for (const { url } of seen) counts.set(url, (counts.get(url) ?? 0) + 1)
  return Math.max(0, ...counts.values())
}

import { describe, expect, it } from 'vitest'
import { addressOf, type Balanced } from './balanced.ts'
import { balancing } from './balancing.ts'
import { ask, json, until } from './client.ts'
import { RUNTIMES } from './runtimes.ts'
import { eagerly, failed, get, type Served, steadily } from './steady.ts'
import type { Target } from './target.ts'

// A Worker's writes go through its Durable Object (workers.test.ts), its probes by its alarm.
const runtimes = RUNTIMES.filter((runtime) => runtime !== 'workerd')

/** Seconds between probes, and how much later than guaranteed a busy machine may be. */
const INTERVAL = 0.5
const SLACK = 3
const active = {
  healthy: { interval: INTERVAL, successes: 1 },
  unhealthy: { interval: INTERVAL, tcp_failures: 1, timeouts: 1, http_failures: 1 },
}
const checked = { upstream: { healthchecks: { active } } }
const afterIntervals = (more: number): number => (2 * INTERVAL * 1000 + more) * SLACK

describe.concurrent.each(runtimes)('what is guaranteed amid changes on %s', (runtime) => {
  const suite = balancing(runtime)
  const { openTwo } = suite

  it.sequential('G7: active checks notice a target that goes, and one that is back', async () => {
    const { a, pool } = await openTwo(checked)
    await a.close()
    const gone = await until(pool.health, ([first]) => first === 'UNHEALTHY', afterIntervals(500))
    expect(gone).toEqual(['UNHEALTHY', 'HEALTHY'])
    expect(sharesOf(await eagerly(pool.url, { clients: 1, requests: 10 }))).toEqual([0, 10])

    await a.open()
    const isBack = ({ target }: Served): boolean => target === 'a'
    expect((await until(() => get(pool.url), isBack, afterIntervals(1000))).target).toBe('a')
    expect(sharesOf(await eagerly(pool.url, { clients: 1, requests: 40 }))).toEqual([20, 20])
  })

  it.sequential('G8: with all targets down each request is answered, and served again', async () => {
    const { a, b, pool } = await openTwo(checked)
    await Promise.all([a.close(), b.close()])
    const served = await steadily(pool.url, { perSecond: 40, seconds: 2 })
    expect(served.filter(({ status }) => status !== 502 && status !== 503)).toEqual([])
    for (const { body } of served) expect(Object.keys(JSON.parse(body))[0]).toBe('message')
    expect(Math.max(...served.map(({ began, ended }) => ended - began))).toBeLessThan(1000 * SLACK)

    await Promise.all([a.open(), b.open()])
    const isServed = ({ status }: Served): boolean => status === 200
    expect((await until(() => get(pool.url), isServed, afterIntervals(1000))).status).toBe(200)
  })

  it.sequential('G28: nothing fails and nothing is refused while everything is changed', async () => {
    const { a, b, pool } = await openTwo()
    let made = 0
    const load = steadily(pool.url, { perSecond: 200, seconds: 4 })
    let over = false
    const refused: unknown[] = []
    const changing = everyChange(pool, [a, b]).map(async (change) => {
      while (!over) await change(made++).catch((error: unknown) => refused.push(error))
    })
    const served = await load
    over = true
    await Promise.all(changing)
    expect(refused).toEqual([])
    expect(failed(served)).toEqual([])
    expect(served.length).toBe(800)
    expect(made).toBeGreaterThan(20)
  })

  it.sequential('G29: a change holds, is read back, and is never taken back', async () => {
    const { a, b, pool } = await openTwo()
    for (let turn = 0; turn < 10; turn++) {
      const to = turn % 2 === 0 ? a : b
      const path = `${suite.gateway.adminUrl}/services/${pool.name}`
      const change = { host: '127.0.0.1', port: to.port, tags: [`turn-${turn}`] }
      expect((await ask(path, json(change, 'PATCH'))).status).toBe(200)
      expect(JSON.parse((await ask(path)).body)).toMatchObject(change)

      const isLive = ({ target }: Served): boolean => target === to.name
      expect((await until(() => get(pool.url), isLive, 1000 * SLACK)).target).toBe(to.name)
      const after = await eagerly(pool.url, { clients: 4, requests: 20 })
      expect(after.filter((one) => !isLive(one))).toEqual([])
    }
  })
})

/** Whatever of a pool can be changed while it goes on serving; each of them in its own loop. */
function everyChange({ name, admin, patch }: Balanced, [a, b]: readonly [Target, Target]) {
  const odd = (n: number): boolean => n % 2 === 1
  const target = (n: number): Target => (odd(n) ? a : b)
  return [
    (n: number) => patch(target(n), { weight: 1 + (n % 100) }),
    (n: number) =>
      admin(`/services/${name}`, json({ read_timeout: 10_000 + n, retries: 5 + (n % 3) }, 'PATCH')),
    (n: number) =>
      admin(`/routes/${name}`, json({ tags: [`n-${n}`], strip_path: odd(n) }, 'PATCH')),
    (n: number) => {
      const algorithm = odd(n) ? 'least-connections' : 'round-robin'
      return admin(`/upstreams/${name}`, json({ algorithm, slots: 100 + (n % 50) }, 'PATCH'))
    },
    async (n: number) => {
      const made = await admin(
        `/services/${name}/plugins`,
        json({ name: 'correlation-id', enabled: false, tags: [`n-${n}`] }),
      )
      await admin(`/plugins/${JSON.parse(made.body).id}`, { method: 'DELETE' })
    },
    async (n: number) => {
      await admin(`/services/${name}/routes`, json({ name: `${name}-${n}`, paths: [`/x-${n}`] }))
      await admin(`/routes/${name}-${n}`, { method: 'DELETE' })
    },
    async () => {
      // The same server by another name.
      const path = `/upstreams/${name}/targets`
      const other = addressOf(a).replace('127.0.0.1', 'localhost')
      await admin(path, json({ target: other }))
      await admin(`${path}/${other}`, { method: 'DELETE' })
    },
  ]
}

function sharesOf(served: readonly Served[]): number[] {
  return ['a', 'b'].map((name) => served.filter(({ target }) => target === name).length)
}

import { describe, expect, it } from 'vitest'
import { balancing } from './balancing.ts'
import { until } from './client.ts'
import { RUNTIMES } from './runtimes.ts'
import { eagerly, failed, type Served } from './steady.ts'
import type { Target } from './target.ts'

const runtimes = RUNTIMES.filter((runtime) => runtime !== 'workerd')

const NAMES = ['a', 'b', 'c']

describe.concurrent.each(runtimes)('what is guaranteed of shares on %s', (runtime) => {
  const { openPool } = balancing(runtime)

  it.sequential('G10: equal weights alternate', async () => {
    const { url } = (await openPool(['a', 'b'])).pool
    const order = namesOf(await eagerly(url, { clients: 1, requests: 20 }))
    expect(['ab'.repeat(10), 'ba'.repeat(10)]).toContain(order)
  })

  it.sequential.each([
    { weights: [10, 20, 70], requests: 100, shares: { a: 10, b: 20, c: 70 } },
    { weights: [3, 7, 11], requests: 63, shares: { a: 9, b: 21, c: 33 } },
    { weights: [100, 0, 50], requests: 60, shares: { a: 40, b: 0, c: 20 } },
  ])('G10: $weights are exact over whole cycles', async ({ weights, requests, shares }) => {
    const { url } = (await openPool(NAMES, { weights })).pool
    const served = await eagerly(url, { clients: 4, requests })
    expect(failed(served)).toEqual([])
    expect(sharesOf(served)).toEqual(shares)
  })

  it.sequential('G10: a weight of 0 holds from the next request on', async () => {
    const { targets, pool } = await openPool(['a', 'b'])
    const { url, patch } = pool
    const [a] = targets
    if (a === undefined) throw new Error('No target')
    await eagerly(url, { clients: 1, requests: 4 })
    await patch(a, { weight: 0 })
    expect(sharesOf(await eagerly(url, { clients: 1, requests: 20 }))).toEqual({
      a: 0,
      b: 20,
      c: 0,
    })
    await patch(a, { weight: 100 })
    const shares = async () => sharesOf(await eagerly(url, { clients: 1, requests: 20 }))
    expect((await until(shares, ({ a }) => a === 10)).a).toBe(10)
  })

  it.sequential('G13: the fast one of two gets most', async () => {
    const share: Record<string, number> = {}
    for (const algorithm of ['round-robin', 'least-connections', 'latency']) {
      const { targets, pool } = await openPool(['a', 'b'], { upstream: { algorithm } })
      for (const [n, target] of targets.entries()) target.manner = slow(n === 0 ? 5 : 100)
      const served = await eagerly(pool.url, { clients: 10, requests: 200 })
      share[algorithm] = sharesOf(served).a / served.length
      expect(failed(served)).toEqual([])
    }
    // With 5 and 100 ms these shares are 1.8 and 1.5 times the throughput of halves.
    expect(share['round-robin']).toBe(0.5)
    expect(share['least-connections']).toBeGreaterThanOrEqual(0.75)
    expect(share.latency).toBeGreaterThanOrEqual(0.7)
  })
})

/** Answers so late, under its own name. */
function slow(ms: number): Target['manner'] {
  return (_, response) => {
    setTimeout(() => response.setHeader('X-Target', ms === 5 ? 'a' : 'b').end('late'), ms)
  }
}

function namesOf(served: readonly Served[]): string {
  return served.map(({ target }) => target).join('')
}

function sharesOf(served: readonly Served[]) {
  const names = namesOf(served)
  const [a = 0, b = 0, c = 0] = NAMES.map((name) => names.split(name).length - 1)
  return { a, b, c }
}

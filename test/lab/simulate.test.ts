import { describe, expect, it } from 'vitest'
import { play, playOne, targetOf } from './play.ts'

const TEN = {
  duration: '20s',
  load: { requests_per_second: 637 },
  timeouts: { read: '5s' },
  targets: [
    { name: 'quick', count: 9, latency: { p50: '35ms', p99: '120ms' }, concurrency: 4 },
    { name: 'slow', latency: { p50: '350ms', p99: '1200ms' }, concurrency: 4 },
  ],
}

const EVEN = { requests_per_second: 100, arrivals: 'even' }
const FIXED = { p50: '20ms' }

describe('a simulation', () => {
  it('gives the same figures for the same seed, and others for another', async () => {
    const document = { ...TEN, duration: '3s' }
    const [one, same, other] = [
      await play(document),
      await play(document),
      await play({ ...document, seed: 2 }),
    ]
    expect(same.results).toEqual(one.results)
    expect(other.results).not.toEqual(one.results)
  })

  it('has all algorithms meet the same requests', async () => {
    const asked = new Map<string, Map<number, string>>()
    await play({ ...TEN, duration: '2s' }, (algorithm, { request, at, key }) => {
      const first = asked.get(algorithm) ?? new Map<number, string>()
      asked.set(algorithm, first)
      if (!first.has(request)) first.set(request, `at ${at} for ${key}`)
    })
    const [turns, ...others] = [...asked.values()]
    expect(turns?.size).toBeGreaterThan(1_000)
    for (const other of others) expect(other).toEqual(turns)
  })

  it("keeps Little's law: what is inside is what comes in times how long it stays", async () => {
    const { whole } = await playOne(
      {
        duration: '200s',
        load: { requests_per_second: 80 },
        targets: [
          { name: 'a', latency: { distribution: 'exponential', p50: '30ms' }, concurrency: 4 },
        ],
      },
      'round-robin',
    )
    const inside = whole.targets[0]?.inside ?? 0
    expect(inside / ((whole.requests / 200) * ((whole.latency?.mean ?? 0) / 1_000))).toBeCloseTo(
      1,
      2,
    )
    // An M/M/4 queue at 80 x 43.28 ms of work: 86.6 % busy.
    expect(whole.targets[0]?.utilisation).toBeCloseTo((80 * 0.03) / Math.LN2 / 4, 1)
  })

  it('counts a closed load by its answers: 10 clients, 20 ms each, 80 ms of thought', async () => {
    const { whole } = await playOne(
      {
        duration: '10s',
        load: { clients: 10, pause: '80ms' },
        targets: [{ name: 'a', latency: FIXED }],
      },
      'round-robin',
    )
    expect(whole.requests).toBe(1_000)
    expect(whole.latency?.max).toBeCloseTo(20)
  })

  it('queues what is beyond the concurrency', async () => {
    const { whole } = await playOne(
      {
        duration: '1s',
        load: { clients: 3 },
        targets: [{ name: 'a', latency: FIXED, concurrency: 1 }],
      },
      'round-robin',
    )
    expect(whole.latency?.max).toBeCloseTo(60)
    expect(whole.targets[0]).toMatchObject({ utilisation: 1 })
  })
})

describe('the algorithms', () => {
  it('share by weight exactly in turns', async () => {
    const { whole } = await playOne(
      {
        duration: '10.005s',
        load: EVEN,
        targets: [
          { name: 'a', weight: 300, latency: FIXED },
          { name: 'b', weight: 200, latency: FIXED },
        ],
      },
      'round-robin',
    )
    expect(whole.targets.map(({ tries }) => tries)).toEqual([600, 400])
    expect(whole.fairness).toBeCloseTo(1, 5)
  })

  it('by least connections and latency leave a slow target be, where turns collapse', async () => {
    const { results } = await play(TEN)
    const p99 = Object.fromEntries(
      results.map(({ algorithm, whole }) => [algorithm, whole.latency?.p99 ?? 0]),
    )
    expect(p99['least-connections']).toBeLessThan((p99['round-robin'] ?? 0) / 5)
    expect(p99.latency).toBeLessThan((p99['round-robin'] ?? 0) / 5)
  })

  it('by hashing send a key always to the same target, and move but the keys of one that left', async () => {
    const owners = [new Map<number, string>(), new Map<number, string>()]
    let unsteady = 0
    const document = {
      duration: '20s',
      load: { requests_per_second: 1_000 },
      keys: { count: 500 },
      algorithms: ['consistent-hashing'],
      targets: [
        ...['a', 'b', 'c', 'd'].map((name) => ({ name, latency: FIXED })),
        { name: 'e', latency: FIXED, leaves: '10s' },
      ],
    }
    await play(document, (_, { at, key, target }) => {
      const phase = owners[at < 10_000 ? 0 : 1]
      if (phase !== undefined && (phase.get(key) ?? target) !== target) unsteady++
      phase?.set(key, target)
    })
    const [before = new Map(), after = new Map()] = owners
    const moved = [...before].filter(([key, target]) => after.get(key) !== target)
    expect(unsteady).toBe(0)
    expect(moved.map(([, target]) => target)).toEqual(moved.map(() => 'e:8000'))
    expect(moved.length / before.size).toBeGreaterThan(0.1)
    expect(moved.length / before.size).toBeLessThan(0.3)
  })

  it('by hashing find what targets have in their caches', async () => {
    const document = {
      duration: '20s',
      load: { requests_per_second: 200 },
      keys: { count: 400 },
      targets: [
        {
          name: 'cache',
          count: 4,
          latency: { p50: '40ms' },
          cache: { keys: 130, latency: { p50: '2ms' } },
        },
      ],
    }
    const [turns, hashing] = [
      await playOne(document, 'round-robin'),
      await playOne(document, 'consistent-hashing'),
    ]
    expect(targetOf(turns, 'cache-1').hits).toBeLessThan(0.4)
    expect(targetOf(hashing, 'cache-1').hits).toBeGreaterThan(0.8)
    expect(hashing.whole.latency?.p50).toBeCloseTo(2)
  })
})

const TWO = (failure: object) => ({
  duration: '10s',
  load: EVEN,
  timeouts: { connect: '1s', read: '1s' },
  phases: [
    { name: 'well', from: '0s' },
    { name: 'ill', from: '3s' },
    { name: 'well again', from: '6s' },
  ],
  targets: [
    { name: 'a', latency: FIXED },
    { name: 'b', latency: FIXED, failures: [{ from: '3s', to: '6s', ...failure }] },
  ],
})

describe('a target that is ill', () => {
  it.each(['refuse', 'drop', 'reset', 'hang'])(
    'costs no idempotent request when it does %s',
    async (does) => {
      const { whole, phases } = await playOne(TWO({ does }), 'round-robin')
      expect(whole.failed).toBe(0)
      expect(whole.retries).toBeGreaterThan(0)
      expect(phases[0]).toMatchObject({ name: 'well', requests: 299, retries: 0 })
      expect(phases[2]?.targets[1]?.share).toBeGreaterThan(0.2)
    },
  )

  it('costs the POSTs that may have been delivered', async () => {
    const { whole } = await playOne({ ...TWO({ does: 'reset' }), method: 'POST' }, 'round-robin')
    expect(whole.failed).toBe(150)
    expect(whole.retries).toBe(0)
  })

  it('is ejected by as many bad answers as passive checks ask for, and probed back', async () => {
    const healthchecks = {
      active: {
        healthy: { interval: 1, successes: 1 },
        unhealthy: { interval: 1, http_failures: 2 },
      },
      passive: { unhealthy: { http_failures: 3 } },
    }
    const document = { ...TWO({ does: 'error', status: 503 }), healthchecks }
    const { whole, phases } = await playOne(document, 'round-robin')
    expect(whole.failed).toBeLessThanOrEqual(3)
    expect(phases[1]?.targets[1]?.share).toBeLessThan(0.05)
    expect(phases[2]?.targets[1]?.share).toBeGreaterThan(0.3)
  })

  it('fails as often as it is said to', async () => {
    const { phases } = await playOne(TWO({ does: 'error', rate: 0.5 }), 'round-robin')
    expect(phases[1]?.failed).toBeGreaterThan(50)
    expect(phases[1]?.failed).toBeLessThan(100)
    expect(phases[2]?.failed).toBe(0)
  })

  it('is as slow as it is said to be', async () => {
    const { phases } = await playOne(TWO({ does: 'slow', factor: 10 }), 'round-robin')
    expect(phases.map(({ latency }) => Math.round(latency?.p99 ?? 0))).toEqual([20, 200, 20])
  })

  it('has whoever sends wait after a failure when no target is left', async () => {
    const document = { ...TWO({ does: 'refuse' }), load: { clients: 4, pause_after_failure: '1s' } }
    const alone = { ...document, targets: document.targets.slice(1) }
    const { phases } = await playOne(alone, 'round-robin')
    // Those that were cut at 3 s had come before; all four come back at about 4 s and 5 s.
    expect(phases.map(({ failed }) => failed)).toEqual([4, 8, 0])
  })
})

it('has targets join', async () => {
  const document = {
    duration: '10s',
    load: EVEN,
    targets: [
      { name: 'a', latency: FIXED },
      { name: 'b', latency: FIXED, joins: '5s' },
    ],
  }
  const figures = await playOne(document, 'round-robin')
  expect(targetOf(figures, 'b').tries).toBeGreaterThan(245)
  expect(targetOf(figures, 'b').tries).toBeLessThan(255)
})

it('tells how far it is', async () => {
  const told: number[] = []
  const { simulate } = await import('../../src/lab/simulate.ts')
  const { readScenario } = await import('../../src/lab/scenario.ts')
  const { openSending } = await import('../../adapters/command/simulate-sending.ts')
  await simulate(readScenario({ ...TEN, duration: '5s' }), {
    openSending,
    onProgress: (done, total) => told.push(done / total),
  })
  expect(told.length).toBeGreaterThan(5)
  expect(told).toEqual(told.toSorted((a, b) => a - b))
  expect(told.at(-1)).toBeLessThanOrEqual(1)
})

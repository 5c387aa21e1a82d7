import { expect, it } from 'vitest'
import { readScenario } from './scenario.ts'
import { InvalidScenario } from './scenario-problem.ts'

const LEAST = {
  duration: '10s',
  load: { requests_per_second: 100 },
  targets: [{ name: 'a', latency: { p50: '20ms' } }],
}

it('fills in all that is not said', () => {
  const scenario = readScenario(LEAST)
  expect(scenario).toMatchObject({
    title: 'A simulation',
    seed: 1,
    duration: 10_000,
    load: { kind: 'open', arrivals: 'poisson', steps: [{ from: 0, perSecond: 100 }] },
    keys: { count: 10_000, spread: 'uniform' },
    algorithms: ['round-robin', 'least-connections', 'latency', 'consistent-hashing'],
    retries: 5,
    timeouts: { connect: 60_000, read: 60_000 },
    connectBackoff: 200,
    slowStart: 0,
    phases: [],
  })
  expect(scenario.targets).toEqual([
    {
      name: 'a',
      group: 'a',
      weight: 100,
      latency: { distribution: 'fixed', p50: 20, p99: undefined },
      concurrency: Infinity,
      cache: undefined,
      failures: [],
      joins: 0,
      leaves: Infinity,
    },
  ])
  expect(scenario.healthchecks.active.healthy.interval).toBe(0)
})

it('makes several targets of one entry, and phases that follow one another', () => {
  const { targets, phases } = readScenario({
    ...LEAST,
    targets: [{ name: 'a', count: 3, latency: { p50: '20ms', p99: '0.1s' } }],
    phases: [
      { name: 'first', from: '2s' },
      { name: 'second', from: '4s' },
    ],
  })
  expect(targets.map(({ name, group }) => `${name} of ${group}`)).toEqual([
    'a-1 of a',
    'a-2 of a',
    'a-3 of a',
  ])
  expect(targets[0]?.latency).toEqual({ distribution: 'lognormal', p50: 20, p99: 100 })
  expect(phases).toEqual([
    { name: 'first', from: 2_000, to: 4_000 },
    { name: 'second', from: 4_000, to: 10_000 },
  ])
})

it('tells all that is wrong at once, with its place and what may have been meant', () => {
  const problems = problemsOf({
    duration: 60,
    load: { clients: 3, requests_per_second: 1, arrival: 'even' },
    targets: [
      {
        name: 'a b',
        latency: { p50: '20ms', p99: '10ms' },
        wieght: 3,
        failures: [{ does: 'slow', from: '5s', to: '4s' }, { does: 'crash' }],
      },
      { name: 'b' },
    ],
    algorithms: ['round-robin', 'random'],
    healthchecks: { active: { healty: {} } },
  })
  expect(problems.sort()).toEqual([
    'algorithms.1: expected one of: consistent-hashing, least-connections, round-robin, latency',
    'duration: expected a time with its unit, such as 250ms, 30s or 2m',
    "healthchecks.active.healty: unknown field (did you mean 'healthy')",
    "load.arrival: unknown field (did you mean 'arrivals')",
    "load: exactly one of these fields must be non-empty: 'requests_per_second', 'steps', 'clients'",
    "targets.0.failures.0: 'to' is not after 'from'; slow needs either 'factor' or 'latency'",
    'targets.0.failures.1.does: expected one of: refuse, drop, reset, hang, error, slow',
    'targets.0.latency: p99 is below p50',
    'targets.0.name: expected a host name of 40 characters at most, such as a or cache-1',
    "targets.0.wieght: unknown field (did you mean 'weight')",
    'targets.1.latency.p50: required field missing',
  ])
})

it.each([
  [
    { load: { steps: [{ from: '1s', requests_per_second: 1 }] } },
    'load: steps: the first one is from 0s',
  ],
  [{ phases: [{ name: 'x', from: '10s' }] }, 'phases: the last begins after the end'],
  [{ load: { requests_per_second: 1e6 }, duration: '60s' }, 'load: more than 50 million requests'],
  [{ targets: [LEAST.targets[0], LEAST.targets[0]] }, 'targets: two of them have the same name'],
  [
    { targets: [{ ...LEAST.targets[0], joins: '5s', leaves: '5s' }] },
    "'leaves' is not after 'joins'",
  ],
  [
    { targets: [{ name: 'a', latency: { distribution: 'exponential', p50: '1s', p99: '7s' } }] },
    'at most 6.64 times',
  ],
  [
    { targets: [{ ...LEAST.targets[0], failures: [{ does: 'hang', factor: 2 }] }] },
    "only slow has a 'factor'",
  ],
])('refuses %o', (change, text) => {
  expect(problemsOf({ ...LEAST, ...change }).join('\n')).toContain(text)
})

it.each([null, 'text', [1], 3])('refuses %o, which is no record', (document) => {
  expect(problemsOf(document).length).toBeGreaterThan(0)
})

function problemsOf(document: unknown): string[] {
  try {
    readScenario(document)
    return []
  } catch (error) {
    if (!(error instanceof InvalidScenario)) throw error
    return error.problems.map(({ path, text, hint }) => {
      const about = path.length === 0 ? text : `${path.join('.')}: ${text}`
      return hint === undefined ? about : `${about} (${hint})`
    })
  }
}

import { describe, expect, it } from 'vitest'
import { DEFAULT_DNS } from '../settings/dns.ts'
import { type Known, learn, UNKNOWN } from './known.ts'
import type { Lookup } from './lookup.ts'

const NOW = 1_000_000
const found = (ttl: number, ...ips: string[]): Lookup => {
  return { ok: true, ttl, addresses: ips.map((ip) => ({ ip })) }
}
const nothing = (reason: 'nxdomain' | 'empty' | 'timeout' | 'servfail' | 'refused'): Lookup => {
  return { ok: false, reason }
}

/** Takes results in, each so many ms after the one before. */
function knownAfter(steps: readonly (readonly [at: number, result: Lookup])[], times = {}): Known {
  let known = UNKNOWN
  for (const [at, result] of steps) {
    const moment = { now: NOW + at, random: 0, times: { ...DEFAULT_DNS, ...times } }
    known = learn(known, result, moment)
  }
  return known
}

const A_MINUTE = found(60_000, '10.0.0.1')

describe('what is known of a name', () => {
  it.each<{
    rule: string
    steps: (readonly [number, Lookup])[]
    times?: object
    known: Partial<Record<keyof Known, unknown>>
  }>([
    {
      rule: 'holds for its TTL, may be used an hour longer, and is asked for again at its end',
      steps: [[0, A_MINUTE]],
      known: {
        freshUntil: NOW + 60_000,
        usableUntil: NOW + 3_660_000,
        keptUntil: NOW + 3_660_000,
        dueAt: NOW + 60_000,
      },
    },
    {
      rule: 'holds as long as dns_valid_ttl says, whatever the TTL',
      steps: [[0, found(0, '10.0.0.1')]],
      times: { validTtl: 5_000 },
      known: { freshUntil: NOW + 5_000, usableUntil: NOW + 3_605_000 },
    },
    {
      rule: 'holds as long as we say, whatever dns_valid_ttl, where no record has a TTL',
      steps: [[0, { ...found(5_000, '10.0.0.1'), ownTtl: true }]],
      times: { validTtl: 600_000 },
      known: { freshUntil: NOW + 5_000, usableUntil: NOW + 3_605_000 },
    },
    {
      rule: 'is never used unasked with TTL 0, and looked at each minute',
      steps: [[0, found(0, '10.0.0.1')]],
      known: { freshUntil: NOW, usableUntil: NOW, keptUntil: NOW + 3_600_000, dueAt: NOW + 60_000 },
    },
    {
      rule: 'holds a day at most',
      steps: [[0, found(2_000_000_000, '10.0.0.1')]],
      known: { freshUntil: NOW + 86_400_000 },
    },
    {
      rule: 'is kept through a failure, which is tried again after a second',
      steps: [
        [0, A_MINUTE],
        [60_000, nothing('timeout')],
      ],
      known: {
        addresses: [{ ip: '10.0.0.1' }],
        failure: 'timeout',
        failedUntil: NOW + 61_000,
        dueAt: NOW + 61_000,
      },
    },
    {
      rule: 'is kept, too, when the name is said not to exist, which is asked again after 30 s',
      steps: [
        [0, A_MINUTE],
        [60_000, nothing('nxdomain')],
      ],
      known: {
        addresses: [{ ip: '10.0.0.1' }],
        failure: 'nxdomain',
        failedUntil: NOW + 90_000,
        dueAt: NOW + 90_000,
      },
    },
    {
      rule: 'is gone when that is still said after dns_stale_ttl',
      steps: [
        [0, A_MINUTE],
        [60_000, nothing('empty')],
        [3_660_000, nothing('empty')],
      ],
      known: { addresses: undefined, failure: 'empty' },
    },
    {
      rule: 'outlives any silence of the servers',
      steps: [
        [0, A_MINUTE],
        [9_000_000, nothing('timeout')],
        [90_000_000, nothing('refused')],
        [900_000_000, nothing('servfail')],
      ],
      known: { addresses: [{ ip: '10.0.0.1' }], failure: 'servfail' },
    },
    {
      rule: 'is asked for less and less while that fails',
      steps: [
        [0, nothing('servfail')],
        [1_000, nothing('servfail')],
        [3_000, nothing('servfail')],
      ],
      known: { failures: 3, failedUntil: NOW + 4_000, dueAt: NOW + 7_000 },
    },
    {
      rule: 'is asked for twice a minute at least',
      steps: Array.from({ length: 40 }, () => [0, nothing('servfail')] as const),
      known: { failures: 40, dueAt: NOW + 30_000 },
    },
    {
      rule: 'is asked for when its setting says, though that is more than half a minute',
      steps: [[0, nothing('nxdomain')]],
      times: { notFoundTtl: 100_000 },
      known: { failedUntil: NOW + 100_000, dueAt: NOW + 100_000 },
    },
    {
      rule: 'forgets its failures at the first success',
      steps: [
        [0, nothing('servfail')],
        [1_000, A_MINUTE],
      ],
      known: { failures: 0, failure: undefined, failedUntil: 0 },
    },
    {
      rule: 'is half an answer rather than none, for a second',
      steps: [[0, { ...A_MINUTE, incomplete: 'timeout' } as Lookup]],
      known: { addresses: [{ ip: '10.0.0.1' }], freshUntil: NOW + 1_000 },
    },
    {
      rule: 'is the whole answer of before rather than half a new one',
      steps: [
        [0, found(60_000, '10.0.0.1', '10.0.0.2')],
        [60_000, { ...A_MINUTE, incomplete: 'timeout' } as Lookup],
      ],
      known: { addresses: [{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }], failure: 'timeout' },
    },
  ])('$rule', ({ steps, times, known }) => {
    expect(knownAfter(steps, times)).toMatchObject(known)
  })

  it('keeps the same list while the servers only turn it round', () => {
    const before = knownAfter([[0, found(60_000, '10.0.0.2', '10.0.0.1', '10.0.0.1')]])
    const moment = { now: NOW + 60_000, random: 0, times: DEFAULT_DNS }
    const now = learn(before, found(60_000, '10.0.0.1', '10.0.0.2'), moment)
    expect(before.addresses).toEqual([{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }])
    expect(now.addresses).toBe(before.addresses)
  })

  it.each([
    ['another address', { ip: '10.0.0.2' }],
    ['another port', { ip: '10.0.0.1', port: 81 }],
    ['another weight', { ip: '10.0.0.1', weight: 2 }],
  ])('is a new list with %s', (_, address) => {
    const before = knownAfter([[0, A_MINUTE]])
    const moment = { now: NOW + 60_000, random: 0, times: DEFAULT_DNS }
    const now = learn(before, { ok: true, ttl: 1, addresses: [address] }, moment)
    expect(now.addresses).toEqual([address])
  })

  it.each([
    { ttl: 60_000, latest: 6_000 },
    { ttl: 500, latest: 100 },
    { ttl: 3_600_000, latest: 10_000 },
  ])('is asked for within $latest ms after a TTL of $ttl', ({ ttl, latest }) => {
    const due = (random: number) => {
      const { dueAt } = learn(UNKNOWN, found(ttl, '10.0.0.1'), {
        now: NOW,
        random,
        times: DEFAULT_DNS,
      })
      return dueAt - NOW - ttl
    }
    expect([due(0), due(0.5), due(1)]).toEqual([0, latest / 2, latest])
  })
})

import { expect, it } from 'vitest'
import { HEALTHY, observe, type Report } from './health.ts'
import { type Evidence, followStreak, reasonOf, span } from './health-reason.ts'

interface Told {
  readonly report: Report
  readonly status?: number
  readonly at: number
}

function reasonAfter(by: Evidence['by'], told: readonly Told[], before = HEALTHY): string {
  let health = before
  let streaks: ReturnType<typeof followStreak>
  let reason = ''
  for (const { report, status, at } of told) {
    const evidence = { report, by, status, now: at }
    health = observe(health, report, 100)
    streaks = followStreak(streaks, evidence, health)
    reason = reasonOf(evidence, health, streaks?.get(report))
  }
  return reason
}

const http = (at: number, status = 503): Told => ({ report: 'http', status, at })
const DOWN = { state: 'unhealthy' as const, counts: HEALTHY.counts }

it.each<{ by: Evidence['by']; told: Told[]; reason: string; before?: typeof HEALTHY }>([
  { by: 'passive', told: [http(0)], reason: '503' },
  { by: 'passive', told: [http(0), http(1000), http(4000)], reason: '3 x 503 in 4 s' },
  { by: 'passive', told: [http(0), http(90, 500)], reason: '2 x 503 or 500 in 0.1 s' },
  { by: 'passive', told: [{ report: 'tcp', at: 0 }], reason: 'tcp failure' },
  {
    by: 'passive',
    told: [{ report: 'tcp', at: 0 }, http(5), { report: 'tcp', at: 60_000 }],
    reason: '2 x tcp failure in 60 s',
  },
  {
    by: 'passive',
    told: [http(0), http(1), { report: 'success', at: 2 }, http(10_000), http(11_000)],
    reason: '2 x 503 in 1 s',
  },
  { by: 'active', told: [http(0), http(1000)], reason: 'probe answered 503 twice' },
  { by: 'active', told: [{ report: 'timeout', at: 0 }], reason: 'probe timed out' },
  { by: 'active', told: [{ report: 'http', at: 0 }], reason: 'probe answered nonsense' },
  {
    by: 'active',
    told: [0, 1, 2].map((at) => ({ report: 'tcp', at })),
    reason: 'probe failed to connect 3 times',
  },
  {
    by: 'active',
    told: [0, 1].map((at) => ({ report: 'success', status: 200, at })),
    before: DOWN,
    reason: 'probe answered 200 twice',
  },
  {
    by: 'active',
    told: [{ report: 'success', at: 0 }],
    before: DOWN,
    reason: 'probe connected',
  },
  {
    by: 'trial',
    told: [{ report: 'success', status: 204, at: 0 }],
    before: DOWN,
    reason: 'request on trial answered 204',
  },
])('says "$reason"', ({ by, told, reason, before }) => {
  expect(reasonAfter(by, told, before)).toBe(reason)
})

it.each([
  [-5, '0 s'],
  [340, '0.3 s'],
  [4000, '4 s'],
  [9960, '10 s'],
  [119_000, '119 s'],
  [120_000, '2 min'],
  [7_200_000, '2 h'],
])('says %i ms as %s', (milliseconds, text) => {
  expect(span(milliseconds)).toBe(text)
})

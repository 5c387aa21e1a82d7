import fc from 'fast-check'
import { expect, it } from 'vitest'
import { HEALTHY, type Health, type HealthState, isUp, observe, type Report } from './health.ts'

const LIMITS = { success: 2, http: 3, tcp: 2, timeout: 2 }
const LETTERS: Readonly<Record<string, Report>> = {
  s: 'success',
  h: 'http',
  c: 'tcp',
  t: 'timeout',
}

function run(reports: string, limits: Readonly<Record<Report, number>> = LIMITS): Health {
  let health = HEALTHY
  for (const letter of reports) {
    const report = LETTERS[letter]
    if (report !== undefined) health = observe(health, report, limits[report])
  }
  return health
}

// s success, h http failure, c connection failure, t timeout; limits 2, 3, 2, 2.
it.each<{ rule: string; reports: string; state: HealthState; counts?: Partial<Health['counts']> }>([
  { rule: 'a peer starts healthy', reports: '', state: 'healthy' },
  {
    rule: 'a success says nothing new of it',
    reports: 'sss',
    state: 'healthy',
    counts: { success: 0 },
  },
  {
    rule: 'one failure makes it mostly healthy',
    reports: 'h',
    state: 'mostly_healthy',
    counts: { http: 1 },
  },
  { rule: 'the limit makes it unhealthy', reports: 'hhh', state: 'unhealthy', counts: { http: 3 } },
  {
    rule: 'kinds count apart',
    reports: 'hhct',
    state: 'mostly_healthy',
    counts: { http: 2, tcp: 1, timeout: 1 },
  },
  { rule: 'any kind may eject', reports: 'hhctc', state: 'unhealthy' },
  {
    rule: 'a success clears all failures',
    reports: 'hhcts',
    state: 'mostly_healthy',
    counts: { http: 0, tcp: 0, timeout: 0, success: 1 },
  },
  { rule: 'enough successes make it healthy', reports: 'hss', state: 'healthy' },
  {
    rule: 'a failure clears the successes',
    reports: 'hshs',
    state: 'mostly_healthy',
    counts: { success: 1, http: 0 },
  },
  {
    rule: 'a failure says nothing new of an unhealthy one',
    reports: 'hhhhcc',
    state: 'unhealthy',
    counts: { http: 3, tcp: 0 },
  },
  {
    rule: 'one success makes an unhealthy one mostly so',
    reports: 'hhhs',
    state: 'mostly_unhealthy',
    counts: { http: 0, success: 1 },
  },
  {
    rule: 'a failure leaves it mostly unhealthy',
    reports: 'hhhsh',
    state: 'mostly_unhealthy',
    counts: { http: 1, success: 0 },
  },
  { rule: 'its limit makes it unhealthy again', reports: 'hhhscc', state: 'unhealthy' },
  { rule: 'enough successes bring it back', reports: 'hhhss', state: 'healthy' },
])('$rule: $reports', ({ reports, state, counts = {} }) => {
  const health = run(reports)
  expect(health.state).toBe(state)
  expect(health.counts).toMatchObject(counts)
})

it('ignores a report whose limit is 0, and lets it reset nothing', () => {
  const limits = { ...LIMITS, success: 0 }
  expect(run('hhsssh', limits).state).toBe('unhealthy')
  expect(run('ccccs', { ...LIMITS, tcp: 0 })).toBe(HEALTHY)
})

it('ejects by the next failure when the limit was lowered below the count', () => {
  const health = run('hh')
  expect(observe(health, 'http', 1).state).toBe('unhealthy')
})

const limit = fc.integer({ min: 0, max: 5 })
const limits = fc.record({ success: limit, http: limit, tcp: limit, timeout: limit })
const reports = fc.string({ unit: fc.constantFrom('s', 'h', 'c', 't'), maxLength: 40 })

it('takes traffic exactly until a count reached its limit', () => {
  fc.assert(
    fc.property(reports, limits, (text, within) => {
      const { state, counts } = run(text, within)
      const kinds: Report[] = ['http', 'tcp', 'timeout']
      if (state === 'unhealthy') {
        expect(kinds.some((kind) => within[kind] > 0 && counts[kind] === within[kind])).toBe(true)
      } else {
        expect(kinds.every((kind) => counts[kind] === 0 || counts[kind] < within[kind])).toBe(true)
      }
      if (state === 'mostly_unhealthy') expect(counts.success).toBeLessThan(within.success)
    }),
  )
})

it('never has successes and newer failures counted together', () => {
  fc.assert(
    fc.property(reports, limits, (text, within) => {
      const { counts } = run(text, within)
      expect(counts.success === 0 || counts.http + counts.tcp + counts.timeout === 0).toBe(true)
    }),
  )
})

it('never comes back without a success', () => {
  fc.assert(
    fc.property(reports, limits, (text, within) => {
      const before = run(text, within)
      for (const report of ['http', 'tcp', 'timeout'] as const) {
        const after = observe(before, report, within[report])
        expect(isUp(before) || !isUp(after)).toBe(true)
      }
    }),
  )
})

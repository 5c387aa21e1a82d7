import { describe, expect, it, vi } from 'vitest'

// The page's modules ask the page where the Admin API is.
vi.hoisted(() => {
  Object.assign(globalThis, {
    document: { querySelector: () => null },
    location: { pathname: '/manager' },
  })
})

const { figuresOf, percentile, sampleOf, withSample } = await import(
  '../../manager/live/figures.ts'
)
const { readTargets } = await import('../../manager/live/read-targets.ts')
const { nextProbe, readEvents, standingOf } = await import('../../manager/live/standing.ts')
const { sharesOf } = await import('../../manager/live/weights.ts')
const { parseMetrics } = await import('../../manager/live/metrics.ts')
const { countsOf, serviceFigures, withCounts } = await import(
  '../../manager/live/service-figures.ts'
)
const { warningsOf } = await import('../../manager/live/warnings.ts')
const { endOf } = await import('../../manager/live/certificate-end.ts')
const { rangeOfLine } = await import('../../manager/live/config-preview.ts')
const { sparkPath } = await import('../../manager/live/spark-path.ts')

interface Given {
  id?: string
  weight?: number
  health?: string
  requests?: number
  failures?: number
  counts?: readonly number[]
  inFlight?: number
  drained?: boolean
  obstacle?: unknown
}

function answerOf(given: Given) {
  const { id = 'a', weight = 100, health = 'HEALTHY', counts = [0, 0], ...rest } = given
  const [fast = 0, slow = 0] = counts
  return {
    id,
    target: `${id}:80`,
    weight,
    health,
    stats: [
      {
        in_flight: rest.inFlight ?? 0,
        requests: rest.requests ?? 0,
        failures: rest.failures ?? 0,
        latency: { ewma: 3, buckets: [{ le: 10, count: fast }], over: slow },
        drained: rest.drained ?? false,
        obstacle: rest.obstacle ?? null,
      },
    ],
  }
}

const targetsOf = (...given: Given[]) => readTargets({ data: given.map(answerOf) })
const targetOf = (given: Given) => {
  const [target] = targetsOf(given)
  if (target === undefined) throw new Error('nothing was read')
  return target
}

describe('figures', () => {
  const over = (...steps: [seconds: number, ...targets: Given[]][]) =>
    figuresOf(
      steps.reduce<Parameters<typeof figuresOf>[0]>(
        (samples, [at, ...targets]) =>
          withSample(samples, sampleOf(targetsOf(...targets), at * 1000)),
        [],
      ),
    )

  it('know no share of one look alone', () => {
    expect(over([0, { requests: 9 }]).get('a')?.share).toBeUndefined()
  })

  it('share out what came in the last ten seconds, whatever came before', () => {
    const figures = over(
      [0, { requests: 0 }, { id: 'b', requests: 1000 }],
      [20, { requests: 100 }, { id: 'b', requests: 1000 }],
      [30, { requests: 130 }, { id: 'b', requests: 1010 }],
    )
    expect(figures.get('a')).toMatchObject({ share: 0.75, perSecond: 3 })
    expect(figures.get('b')?.share).toBe(0.25)
  })

  it('take a counter that fell for one that began anew', () => {
    const figures = over(
      [0, { requests: 500 }, { id: 'b' }],
      [5, { requests: 3 }, { id: 'b', requests: 1 }],
    )
    expect(figures.get('a')?.share).toBe(0.75)
  })

  it('count a target that came meanwhile from nought', () => {
    const figures = over([0, { requests: 10 }], [5, { requests: 15 }, { id: 'b', requests: 5 }])
    expect(figures.get('b')?.share).toBe(0.5)
  })

  it('tell errors and latency of the last minute', () => {
    const figures = over(
      [0, { requests: 100, failures: 100, counts: [0, 100] }],
      [100, { requests: 100, failures: 100, counts: [0, 100] }],
      [160, { requests: 110, failures: 101, counts: [10, 100] }],
    ).get('a')
    expect(figures?.errorRatio).toBe(0.1)
    expect(figures?.p50).toBe(5)
  })

  it.each([
    [[], undefined],
    [[0, 0], undefined],
    [[10, 0], 5],
    [[0, 4], 10],
  ])('read the median of %j off the buckets', (counts, median) => {
    expect(percentile(counts, [10], 0.5)).toBe(median)
  })
})

describe('how a target stands', () => {
  const EVENT = {
    at: 1000,
    target: { id: 'a' },
    address: 'a:80',
    to: 'unhealthy',
    reason: '3 x 503',
    text: '3 x 503; next probe in 2 s',
    next: { by: 'probe', at: 1002 },
  }
  const events = readEvents({ data: [EVENT] })
  const unhealthy = { kind: 'unhealthy', since: 999, reason: 'by hand', trial_at: null }
  it.each<[Given, string, string | undefined, boolean]>([
    [{}, 'Healthy', '3 x 503', true],
    [{ health: 'HEALTHCHECKS_OFF' }, 'Not checked', '3 x 503', true],
    [{ health: 'UNHEALTHY', obstacle: unhealthy }, 'Unhealthy', 'by hand', false],
    [{ health: 'DNS_ERROR' }, 'No address', 'its name has no address', false],
    [
      { obstacle: { kind: 'aside', since: 999, until: 1001 } },
      'Set aside',
      'could not be connected to',
      false,
    ],
    [{ weight: 0, inFlight: 2 }, 'Draining', '2 requests are left', false],
    [{ weight: 0, drained: true }, 'Safe to remove', 'weight 0', false],
  ])('%j', (given, word, reason, takes) => {
    expect(standingOf(targetOf(given), events)).toMatchObject({ word, reason, takes })
  })

  const active = { healthy: { interval: 5 }, unhealthy: { interval: 2 } }
  const probed = { healthchecks: { active } }
  it.each<[string, Given, Readonly<Record<string, unknown>>, number, string | undefined]>([
    ['a healthy one', {}, probed, 1000, 'probe every 5 s'],
    ['one nobody checks', {}, {}, 1000, undefined],
    ['one that is out', { obstacle: unhealthy }, probed, 1000, 'probe in 2 s'],
    ['one that stays out', { obstacle: unhealthy }, probed, 1007, 'probe in 1 s'],
    ['one out by hand', { obstacle: unhealthy }, {}, 1000, 'when set healthy'],
    [
      'one on trial',
      { obstacle: { ...unhealthy, trial_at: 1030 } },
      {},
      1000,
      'a request on trial in 30 s',
    ],
    [
      'one set aside',
      { obstacle: { kind: 'aside', since: 1, until: 1000.4 } },
      {},
      1000,
      'tried again now',
    ],
    ['one without weight', { weight: 0 }, probed, 1000, undefined],
  ])('tells of %s when it is asked next', (_what, given, upstream, now, text) => {
    expect(nextProbe(targetOf(given), { events, upstream, now })).toBe(text)
  })
})

it.each([
  [
    [100, 100],
    [true, true],
    [0.5, 0.5],
  ],
  [
    [300, 100],
    [true, true],
    [0.75, 0.25],
  ],
  [
    [300, 100],
    [false, true],
    [0, 1],
  ],
  [
    [0, 0],
    [true, true],
    [0, 0],
  ],
])('weights %j, taking part %j, come to %j', (weights, taking, shares) => {
  const targets = weights.map((weight, at) => ({ id: `${at}`, weight, takes: taking[at] === true }))
  expect([...sharesOf(targets).values()]).toEqual(shares)
})

const METRICS = (requests: number, slow: number) => `# HELP x y
kong_http_requests_total{service="s",route="r",code="200",source="service"} ${requests}
kong_http_requests_total{service="s",route="q",code="503",source="kong"} 5
kong_request_latency_ms_bucket{service="s",route="r",le="10"} ${requests}
kong_request_latency_ms_bucket{service="s",route="r",le="+Inf"} ${requests + slow}
odd{a="x\\"y\\\\z\\n"} 1
kong_upstream_target_health{upstream="u",target="t:80",address="1.2.3.4:80",state="unhealthy"} 1
kong_upstream_target_health{upstream="u",target="v:80",address="1.2.3.5:80",state="unhealthy"} 0
`

it('reads labels with what is escaped in them', () => {
  expect(parseMetrics(METRICS(1, 0)).find(({ name }) => name === 'odd')?.labels.a).toBe('x"y\\z\n')
})

it('tells what became of a service in the last minute', () => {
  const at = (seconds: number, requests: number) =>
    countsOf(parseMetrics(METRICS(requests, 0)), seconds * 1000)
  const kept = [at(0, 100), at(70, 100), at(130, 160)].reduce(withCounts, [])
  expect(serviceFigures(kept)).toEqual([
    { service: 's', requests: 165, errors: 5, perSecond: 1, errorRatio: 0, p50: 5, p99: 9.9 },
  ])
})

// Made with openssl for this test alone.
const END = Date.parse('2033-05-17T20:11:51Z')
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBdzCCAR2gAwIBAgIUHDmqHCki/DbEr/Z3uzRX7TU8tGwwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGYS50ZXN0MB4XDTI2MTEyMTIwMTE1MVoXDTMzMDUxNzIwMTE1
MVowETEPMA0GA1UEAwwGYS50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
x8HJir1QIAKzC3pzP35dmhvUVLdmFUQSJayFXNgUenvFJ/lmD6JSkCetbMyOJZxv
7xFrzUJa65W4oegv4QNW16NTMFEwHQYDVR0OBBYEFDVdpQPi6kKj1p/qvjSf30Tk
Bg8hMB8GA1UdIwQYMBaAFDVdpQPi6kKj1p/qvjSf30TkBg8hMA8GA1UdEwEB/wQF
MAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgEcWk5DTAVLEAed3+pGDChLiyjFyeJTT5
EAE68zM1bPkCIQDe1Wb819zzmu/6u1xbXPTd1CE88bdPODI1Yifh0NhSfw==
-----END CERTIFICATE-----`

it.each([
  ['a certificate', CERTIFICATE, END],
  ['what is no certificate', 'x', undefined],
  ['one that is cut', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----', undefined],
])('finds the end of %s', (_what, pem, end) => {
  expect(endOf(pem)).toBe(end)
})

describe('warnings', () => {
  const none = { node: {}, metrics: [], certificates: [], now: Date.UTC(2030, 0, 1) }
  it.each<[string, Partial<Parameters<typeof warningsOf>[0]>, string[]]>([
    ['of nothing', {}, []],
    ['of what plugins do not do', { node: { warnings: ['Plugin "x" …'] } }, ['Plugin "x" …']],
    [
      'of an Admin API that anybody can reach',
      { node: { configuration: { admin_token: '', admin_listeners: [{ ip: '0.0.0.0' }] } } },
      ['The Admin API has no token: whoever can reach it may change everything (set admin_token)'],
    ],
    ['of no Admin API with a token', { node: { configuration: { admin_token: '******' } } }, []],
    [
      'of targets that are out',
      { metrics: parseMetrics(METRICS(0, 0)) },
      ['Upstream u: t:80 is unhealthy'],
    ],
  ])('%s', (_what, known, texts) => {
    expect(warningsOf({ ...none, ...known }).map(({ text }) => text)).toEqual(texts)
  })

  it.each([
    [END - 31 * 86_400_000, []],
    [END - 10.5 * 86_400_000, ['Certificate a.test expires in 10 days']],
    [END + 1, ['Certificate a.test has expired']],
  ])('of certificates that end soon, at %d', (now, texts) => {
    const certificates = [{ id: 'c', cert: CERTIFICATE, snis: ['a.test'] }]
    const warnings = warningsOf({ ...none, certificates, now })
    expect(warnings.map(({ text }) => text)).toEqual(texts)
  })
})

it.each([
  [1, 'a'],
  [2, 'bc'],
  [3, 'd'],
  [9, 'd'],
])('finds line %d', (line, text) => {
  const [start, end] = rangeOfLine('a\nbc\nd', line)
  expect('a\nbc\nd'.slice(start, end)).toBe(text)
})

it('breaks a line where a value is missing', () => {
  expect(sparkPath([1, 2, undefined, 2])).toBe('M0 11L32 1M96 1')
})

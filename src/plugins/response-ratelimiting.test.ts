import { describe, expect, it } from 'vitest'
import { openGateway, type Rig, type RigOptions } from '../../test/plugins/open-gateway.ts'
import { incoming, valuesOf } from '../../test/proxy/fakes.ts'
import { createFakeRedis } from '../pdk/redis/fake-redis.fixture.ts'
import { toldUses } from './limits/told-uses.ts'

/** An upstream that tells what the query's `use` says; the rig's clock shows 22:13:20. */
function limited(config: object, more: RigOptions = {}): Promise<Rig> {
  return openGateway({
    plugins_of_route: [{ name: 'response-ratelimiting', config }],
    upstream: ({ target }) =>
      incoming({
        headers: [
          'X-Kong-Limit',
          decodeURIComponent(target.split('use:')[1] ?? ''),
          'X-Own',
          'yes',
        ],
        body: 'sent',
      }),
    ...more,
  })
}

const SMS = { limits: { sms: { minute: 3, hour: 5 } } }

describe('an answer', () => {
  it('tells what is left of each limit, and not what the upstream told', async () => {
    const { ask, transport } = await limited({ limits: { ...SMS.limits, video: { day: 9 } } })
    await ask('/?use:sms=1')
    const { headers, status } = await ask('/?use:sms=1,video=2')
    expect(status).toBe(200)
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-ratelimit-limit-sms-minute': '3',
      'x-ratelimit-remaining-sms-minute': '1',
      'x-ratelimit-limit-sms-hour': '5',
      'x-ratelimit-remaining-sms-hour': '3',
      'x-ratelimit-limit-video-day': '9',
      'x-ratelimit-remaining-video-day': '7',
    })
    expect(headers.has('x-kong-limit')).toBe(false)
    expect(valuesOf(transport.sent[1]?.headers ?? [], 'x-ratelimit-remaining-sms')).toEqual(['2'])
  })

  it('is 429 without a body once its limit was used up', async () => {
    const { ask, runtime } = await limited(SMS)
    await ask('/?use:sms=3')
    expect((await ask('/?use:other=1')).status).toBe(200)
    const refused = await ask('/?use:sms=1')
    expect([refused.status, refused.text]).toEqual([429, ''])
    expect(refused.headers.get('content-length')).toBe('0')
    expect(refused.headers.get('x-own')).toBe('yes')
    expect(refused.headers.get('x-ratelimit-remaining-sms-minute')).toBe('0')
    expect(refused.headers.get('x-ratelimit-remaining-sms-hour')).toBe('1')
    runtime.time += 40_000
    expect((await ask('/?use:sms=1')).status).toBe(200)
  })

  it('tells nothing when that is to be hidden', async () => {
    const { ask } = await limited({ ...SMS, hide_client_headers: true })
    const names = Array.from((await ask('/?use:sms=1')).headers.keys())
    expect(names.filter((name) => /ratelimit|x-kong-limit/.test(name))).toEqual([])
  })

  it('is read by the header that is configured', async () => {
    const { ask } = await limited({ ...SMS, header_name: 'x-own-limit' })
    const { headers } = await ask('/?use:sms=1')
    expect(headers.get('x-ratelimit-remaining-sms-minute')).toBe('3')
    expect(headers.get('x-kong-limit')).toBe('sms=1')
  })
})

it('asks nobody once a limit is used up, where that blocks', async () => {
  const { ask, transport } = await limited({ ...SMS, block_on_first_violation: true })
  await ask('/?use:sms=3')
  const refused = await ask('/')
  expect(refused.status).toBe(429)
  expect(refused.json).toMatchObject({ message: "API rate limit exceeded for 'sms'" })
  expect(transport.sent).toHaveLength(1)
})

it.each(['local', 'cluster'])('counts uses in %s', async (policy) => {
  const { ask } = await limited({ ...SMS, policy })
  await ask('/?use:sms=2')
  expect((await ask('/')).headers.get('x-ratelimit-remaining-sms-minute')).toBe('1')
})

it.each([
  { limit_by: 'consumer', left: ['2', '1', '2'] },
  { limit_by: 'credential', left: ['2', '2', '2'] },
  { limit_by: 'ip', left: ['2', '1', '0'] },
])('tells clients apart by $limit_by', async ({ limit_by, left }) => {
  const { ask } = await limited(
    {},
    {
      config: {
        consumers: [
          { username: 'alice', keyauth_credentials: [{ key: 'a' }, { key: 'a2' }] },
          { username: 'bob', keyauth_credentials: [{ key: 'b' }] },
        ],
      },
      plugins_of_route: [
        { name: 'key-auth', config: {} },
        { name: 'response-ratelimiting', config: { ...SMS, limit_by } },
      ],
    },
  )
  const found: (string | null)[] = []
  for (const apikey of ['a', 'a2', 'b']) {
    const { headers } = await ask('/?use:sms=1', { headers: { apikey } })
    found.push(headers.get('x-ratelimit-remaining-sms-minute'))
  }
  expect(found).toEqual(left)
})

it.each([
  { fault_tolerant: true, status: 200 },
  { fault_tolerant: false, status: 500 },
])('answers $status without its Redis, tolerant: $fault_tolerant', async (row) => {
  const redis = createFakeRedis()
  redis.refuse = 'ECONNREFUSED'
  const { fault_tolerant, status } = row
  const config = { ...SMS, policy: 'redis', redis: { host: 'r' }, fault_tolerant }
  const rig = await limited(config, { sockets: redis.sockets })
  expect((await rig.ask('/')).status).toBe(status)
  expect(rig.runtime.lines).toContain('error: Cannot count uses')
})

it.each([
  { told: ['a=1'], uses: [['a', 1]] },
  {
    told: ['a=1, b = 2', 'a=3'],
    uses: [
      ['a', 3],
      ['b', 2],
    ],
  },
  { told: ['c=1,a=x,a=1=2,a,=,b=1.5,a=Infinity'], uses: [['b', 1.5]] },
  { told: [], uses: [] },
])('reads $told', ({ told, uses }) => {
  expect(Array.from(toldUses(told, (name) => name === 'a' || name === 'b'))).toEqual(uses)
})

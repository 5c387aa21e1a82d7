import { createHash, createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openGateway, type Rig } from '../../test/plugins/open-gateway.ts'
import { valuesOf } from '../../test/proxy/fakes.ts'

const ALICE = {
  id: '4c1a4a4e-1111-4000-8000-00000000000a',
  username: 'alice',
  custom_id: 'a-1',
  hmacauth_credentials: [{ username: 'alice-hmac', secret: 'sésame' }],
}
/** The rig's clock. */
const NOW = 1_700_000_000_000
const DATE = new Date(NOW).toUTCString()

function guarded(config: Readonly<Record<string, unknown>> = {}): Promise<Rig> {
  const plugins_of_route = [{ name: 'hmac-auth', config }]
  return openGateway({ plugins_of_route, config: { consumers: [ALICE, { username: 'nobody' }] } })
}

interface Signing {
  readonly text?: string
  readonly names?: string
  readonly algorithm?: string
  readonly username?: string
  readonly secret?: string
}

function signed({
  text = `date: ${DATE}`,
  names = 'date',
  algorithm = 'hmac-sha256',
  username = 'alice-hmac',
  secret = 'sésame',
}: Signing = {}): string {
  const hash = algorithm.startsWith('hmac-sha') ? algorithm.slice(5) : 'sha256'
  const signature = createHmac(hash, secret).update(text, 'latin1').digest('base64')
  return `hmac username="${username}", algorithm="${algorithm}", headers="${names}", signature="${signature}"`
}

const sha256 = (body: string): string =>
  `SHA-256=${createHash('sha256').update(body).digest('base64')}`

const NO_DATE =
  'HMAC signature cannot be verified, a valid date or x-date header is required for HMAC Authentication'
const NOT_VALID = 'HMAC signature cannot be verified'
const NOT_SAME = 'HMAC signature does not match'

describe('a request that proves nothing', () => {
  it.each<{ why: string; headers: Record<string, string>; message: string }>([
    { why: 'no header', headers: { date: DATE }, message: 'Unauthorized' },
    { why: 'no date', headers: { authorization: signed() }, message: NO_DATE },
    { why: 'no sound date', headers: { authorization: signed(), date: 'now' }, message: NO_DATE },
    {
      why: 'a date too early',
      headers: { authorization: signed(), date: new Date(NOW - 301_000).toUTCString() },
      message: NO_DATE,
    },
    {
      why: 'a date too late',
      headers: { authorization: signed(), 'x-date': new Date(NOW + 301_000).toUTCString() },
      message: NO_DATE,
    },
    {
      why: 'another scheme',
      headers: { authorization: 'Basic x', date: DATE },
      message: NOT_VALID,
    },
    {
      why: 'half a signature',
      headers: { authorization: signed().replace(/, signature.*/, ''), date: DATE },
      message: NOT_VALID,
    },
    {
      why: 'an unknown algorithm',
      headers: { authorization: signed({ algorithm: 'hmac-md5' }), date: DATE },
      message: NOT_VALID,
    },
    {
      why: 'an unknown user',
      headers: { authorization: signed({ username: 'eve' }), date: DATE },
      message: NOT_VALID,
    },
    {
      why: "an object's own name",
      headers: { authorization: signed({ username: '__proto__' }), date: DATE },
      message: NOT_VALID,
    },
    {
      why: 'another secret',
      headers: { authorization: signed({ secret: 'x' }), date: DATE },
      message: NOT_SAME,
    },
    {
      why: 'another text',
      headers: { authorization: signed({ text: 'date: then' }), date: DATE },
      message: NOT_SAME,
    },
    {
      why: 'no base64',
      headers: { authorization: signed().replace(/signature="[^"]+/, 'signature="*'), date: DATE },
      message: NOT_SAME,
    },
    {
      why: 'half of it',
      headers: { authorization: signed().replace(/.{22}"$/, '"'), date: DATE },
      message: NOT_SAME,
    },
  ])('is refused: $why', async ({ headers, message }) => {
    const { ask, transport } = await guarded()
    const answer = await ask('/', { headers })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('hmac')
    expect(answer.json).toEqual({ message, request_id: answer.headers.get('x-kong-request-id') })
    expect(transport.sent).toHaveLength(0)
  })

  it('may name a header with underscores for hyphens', async () => {
    const { ask } = await guarded()
    const authorization = signed({ text: `x_date: ${DATE}`, names: 'x_date' })
    expect((await ask('/', { headers: { authorization, 'x-date': DATE } })).status).toBe(200)
  })

  it('is told the realm', async () => {
    const { ask } = await guarded({ realm: 'ours' })
    expect((await ask('/')).headers.get('www-authenticate')).toBe('hmac realm="ours"')
  })

  it('passes as the anonymous consumer', async () => {
    const { ask, transport } = await guarded({ anonymous: 'nobody' })
    expect((await ask('/')).status).toBe(200)
    expect(valuesOf(transport.sent[0]?.headers ?? [], 'x-consumer-username')).toEqual(['nobody'])
  })
})

describe('a good signature', () => {
  it.each<{ of: string; path?: string; headers?: Record<string, string>; signing: Signing }>([
    { of: 'the date', signing: {} },
    { of: 'nothing but a name', signing: { names: 'x-none', text: 'x-none:' } },
    {
      of: 'the request line',
      path: '/a%20b?c=%7E&d',
      signing: { names: 'request-line', text: 'GET /a%20b?c=%7E&d HTTP/1.1' },
    },
    {
      of: 'the target',
      path: '/a?b=C',
      signing: { names: '@request-target', text: '@request-target: get /a?b=C' },
    },
    {
      of: 'several',
      headers: { 'x-some': 'thing', 'X-Date': DATE },
      signing: {
        names: 'X-Date host x-some @request-target',
        text: `X-Date: ${DATE}\nhost: a.test\nx-some: thing\n@request-target: get /`,
      },
    },
    {
      of: 'all values of a header',
      headers: { 'x-some': 'one, two' },
      signing: { names: 'x-some', text: 'x-some: one, two' },
    },
  ])(
    'over $of lets its consumer in, and tells the upstream',
    async ({ path = '/', headers, signing }) => {
      const { ask, transport } = await guarded()
      const sent = { date: DATE, host: 'a.test', ...headers, authorization: signed(signing) }
      expect((await ask(path, { headers: sent })).text).toBe('')
      const kept = transport.sent[0]?.headers ?? []
      expect(valuesOf(kept, 'x-consumer-id')).toEqual([ALICE.id])
      expect(valuesOf(kept, 'x-consumer-username')).toEqual(['alice'])
      expect(valuesOf(kept, 'x-consumer-custom-id')).toEqual(['a-1'])
      expect(valuesOf(kept, 'x-credential-identifier')).toEqual(['alice-hmac'])
      expect(valuesOf(kept, 'authorization')).toHaveLength(1)
    },
  )

  it.each(['hmac-sha1', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512'])(
    'may be made with %s, where it is allowed',
    async (algorithm) => {
      const init = { headers: { authorization: signed({ algorithm }), date: DATE } }
      expect((await (await guarded()).ask('/', init)).status).toBe(200)
      expect((await (await guarded({ algorithms: [algorithm] })).ask('/', init)).status).toBe(200)
      const others = ['hmac-sha1', 'hmac-sha512'].filter((other) => other !== algorithm)
      const refused = await (await guarded({ algorithms: others })).ask('/', init)
      expect(refused.json).toMatchObject({ message: NOT_VALID })
    },
  )

  it('is of no more use once a header it is over was added to', async () => {
    const { ask } = await guarded()
    const headers = new Headers({ date: DATE, 'x-some': 'one' })
    headers.set('authorization', signed({ names: 'x-some', text: 'x-some: one' }))
    expect((await ask('/', { headers })).status).toBe(200)
    headers.append('x-some', 'two')
    expect((await ask('/', { headers })).json).toMatchObject({ message: NOT_SAME })
  })

  it('may stand in quotation marks with the whole header', async () => {
    const { ask } = await guarded()
    const headers = { date: DATE, authorization: `"${signed()}"` }
    expect((await ask('/', { headers })).status).toBe(200)
  })

  it('in Proxy-Authorization is looked at first', async () => {
    const { ask, transport } = await guarded({ hide_credentials: true })
    const headers = { 'proxy-authorization': signed(), authorization: 'Bearer x', date: DATE }
    expect((await ask('/', { headers })).status).toBe(200)
    const kept = transport.sent[0]?.headers ?? []
    expect(valuesOf(kept, 'proxy-authorization')).toEqual([])
    expect(valuesOf(kept, 'authorization')).toEqual(['Bearer x'])
  })

  it('does not reach the upstream when it is to be hidden', async () => {
    const { ask, transport } = await guarded({ hide_credentials: true })
    expect((await ask('/', { headers: { authorization: signed(), date: DATE } })).status).toBe(200)
    expect(valuesOf(transport.sent[0]?.headers ?? [], 'authorization')).toEqual([])
  })

  it.each([
    { clock_skew: 10, off: 10, status: 200 },
    { clock_skew: 10, off: -10, status: 200 },
    { clock_skew: 10, off: 11, status: 401 },
    { clock_skew: 300, off: -300, status: 200 },
  ])(
    'may be $off s off with a skew of $clock_skew: $status',
    async ({ clock_skew, off, status }) => {
      const { ask } = await guarded({ clock_skew })
      const date = new Date(NOW + off * 1000).toUTCString()
      const authorization = signed({ text: `date: ${date}` })
      expect((await ask('/', { headers: { date, authorization } })).status).toBe(status)
    },
  )

  it('has to be over what is enforced', async () => {
    const { ask } = await guarded({ enforce_headers: ['date', '@request-target'] })
    const less = await ask('/', { headers: { date: DATE, authorization: signed() } })
    expect(less.status).toBe(401)
    expect(less.json).toMatchObject({ message: NOT_VALID })
    const text = `@request-target: get /\nx-a:\ndate: ${DATE}`
    const authorization = signed({ names: '@request-target x-a date', text })
    expect((await ask('/', { headers: { date: DATE, authorization } })).status).toBe(200)
  })
})

describe('a body', () => {
  it.each<{ body?: string; digest?: string; status: number }>([
    { status: 200 },
    { digest: sha256(''), status: 200 },
    { digest: sha256('x'), status: 401 },
    { body: 'x', status: 401 },
    { body: 'x', digest: sha256('x'), status: 200 },
    { body: 'x', digest: sha256('y'), status: 401 },
    { body: 'x', digest: sha256('x').replace('SHA-256', 'sha-256'), status: 401 },
  ])('$body with $digest: $status', async ({ body, digest, status }) => {
    const { ask, transport } = await guarded({ validate_request_body: true })
    const headers = {
      date: DATE,
      authorization: signed(),
      ...(digest === undefined ? {} : { digest }),
    }
    const answer = await ask('/', {
      method: 'POST',
      headers,
      ...(body === undefined ? {} : { body }),
    })
    expect(answer.status).toBe(status)
    if (status === 401) expect(answer.json).toMatchObject({ message: NOT_SAME })
    expect(transport.sent).toHaveLength(status === 200 ? 1 : 0)
  })

  it('may be anything when nobody asks', async () => {
    const { ask } = await guarded()
    const headers = { date: DATE, authorization: signed(), digest: 'x' }
    expect((await ask('/', { method: 'POST', headers, body: 'x' })).status).toBe(200)
  })
})

it('knows at once that a secret was changed', async () => {
  const { ask, admin } = await guarded()
  const headers = { date: DATE, authorization: signed() }
  expect((await ask('/', { headers })).status).toBe(200)
  await admin('PATCH', '/consumers/alice/hmac-auth/alice-hmac', { secret: 'other' })
  expect((await ask('/', { headers })).json).toMatchObject({ message: NOT_SAME })
})

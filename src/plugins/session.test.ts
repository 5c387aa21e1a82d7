import { describe, expect, it } from 'vitest'
import { type Asked, openGateway, type Rig } from '../../test/plugins/open-gateway.ts'
import { valuesOf } from '../../test/proxy/fakes.ts'
import { definePlugin } from '../pdk/plugin.ts'

const ALICE = {
  id: '4c1a4a4e-1111-4000-8000-00000000000a',
  username: 'alice',
  keyauth_credentials: [{ id: '4c1a4a4e-1111-4000-8000-00000000000b', key: 'alice' }],
}
const CONSUMERS = [
  ALICE,
  { username: 'bob', keyauth_credentials: [{ key: 'bob' }] },
  { username: 'nobody' },
]

/** Tells groups as the client says. */
const telling = definePlugin(
  { name: 'telling', priority: 1000, config: { type: 'record', required: true, fields: {} } },
  () => ({
    access({ request, shared }) {
      const groups = request.headers.get('x-told')
      if (groups !== undefined) shared.set('authenticated_groups', groups.split(' '))
      return undefined
    },
  }),
)

function guarded(config: Readonly<Record<string, unknown>> = {}): Promise<Rig> {
  return openGateway({
    plugins: [telling],
    plugins_of_route: [
      { name: 'session', config: { secret: 'ours', ...config } },
      { name: 'key-auth', config: { anonymous: 'nobody' } },
      { name: 'telling' },
    ],
    config: { consumers: CONSUMERS },
  })
}

const cookiesOf = ({ headers }: Asked): string[] => headers.getSetCookie()
/** What a browser would send back. */
const jar = (answer: Asked): string =>
  cookiesOf(answer)
    .map((cookie) => cookie.split(';')[0] ?? '')
    .join('; ')

async function logIn(rig: Rig, headers: Record<string, string> = {}): Promise<string> {
  const answer = await rig.ask('/', { headers: { apikey: 'alice', ...headers } })
  expect(answer.status).toBe(200)
  return jar(answer)
}

/** Whom the upstream was told of the last time. */
function whoAsked({ transport }: Rig): string | undefined {
  return valuesOf(transport.sent.at(-1)?.headers ?? [], 'x-consumer-username')[0]
}

async function asWho(rig: Rig, cookie: string): Promise<string | undefined> {
  await rig.ask('/', { headers: { cookie } })
  return whoAsked(rig)
}

describe.each(['cookie', 'kong'])('a session kept by %s', (storage) => {
  it('is started for whoever proved to be a consumer, and is proof from then on', async () => {
    const rig = await guarded({ storage })
    const cookie = await logIn(rig)
    expect(cookie).toMatch(/^session=[\w-]+$/)
    const answer = await rig.ask('/', { headers: { cookie, 'x-anonymous-consumer': 'true' } })
    expect(cookiesOf(answer)).toEqual([])
    const headers = rig.transport.sent.at(-1)?.headers ?? []
    expect(valuesOf(headers, 'x-consumer-id')).toEqual([ALICE.id])
    expect(valuesOf(headers, 'x-consumer-username')).toEqual(['alice'])
    expect(valuesOf(headers, 'x-credential-identifier')).toEqual([ALICE.keyauth_credentials[0]?.id])
    expect(valuesOf(headers, 'x-anonymous-consumer')).toEqual([])
  })

  it('is not started for the anonymous consumer', async () => {
    const rig = await guarded({ storage })
    const answer = await rig.ask('/')
    expect(whoAsked(rig)).toBe('nobody')
    expect(cookiesOf(answer)).toEqual([])
  })

  it('is known only as it was given', async () => {
    const rig = await guarded({ storage })
    const cookie = await logIn(rig)
    const changed = `${cookie.slice(0, -3)}${cookie.endsWith('AAA') ? 'BBB' : 'AAA'}`
    for (const bad of [changed, 'session=', 'session=x', 'session=__proto__']) {
      expect(await asWho(rig, bad)).toBe('nobody')
    }
    expect(await asWho(rig, cookie.replace('session', 'sessions'))).toBe('nobody')
    expect(await asWho(rig, cookie)).toBe('alice')
  })

  it('is another one for somebody else', async () => {
    const rig = await guarded({ storage })
    const alice = await logIn(rig)
    const init = { headers: { cookie: alice, apikey: 'bob' } }
    // Kong: whoever has a session is not asked again.
    await rig.ask('/', init)
    expect(whoAsked(rig)).toBe('alice')
    expect(await asWho(rig, await logIn(rig, { apikey: 'bob' }))).toBe('bob')
  })

  it('tells the groups again', async () => {
    const rig = await guarded({ storage })
    const cookie = await logIn(rig, { 'x-told': 'a b' })
    await rig.ask('/', { headers: { cookie, 'x-authenticated-groups': 'admin' } })
    const headers = rig.transport.sent.at(-1)?.headers ?? []
    expect(valuesOf(headers, 'x-authenticated-groups')).toEqual(['a, b'])
    const other = await logIn(rig)
    await rig.ask('/', { headers: { cookie: other, 'x-authenticated-groups': 'admin' } })
    const others = rig.transport.sent.at(-1)?.headers ?? []
    expect(valuesOf(others, 'x-authenticated-groups')).toEqual([])
  })

  it('ends with its consumer', async () => {
    const rig = await guarded({ storage })
    const cookie = await logIn(rig)
    await rig.admin('DELETE', '/consumers/alice')
    const answer = await rig.ask('/', { headers: { cookie } })
    expect(whoAsked(rig)).toBe('nobody')
    expect(cookiesOf(answer)).toEqual([
      'session=; Path=/; SameSite=Strict; Secure; HttpOnly; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0',
    ])
  })

  it.each([
    { idling_timeout: 100, rolling_timeout: 0, absolute_timeout: 0, seconds: 100 },
    { idling_timeout: 0, rolling_timeout: 100, absolute_timeout: 0, seconds: 100 },
    { idling_timeout: 0, rolling_timeout: 0, absolute_timeout: 100, seconds: 100 },
    { idling_timeout: 200, rolling_timeout: 300, absolute_timeout: 100, seconds: 100 },
  ])(
    'ends after $seconds s under $idling_timeout, $rolling_timeout, $absolute_timeout',
    async ({ seconds, ...timeouts }) => {
      const rig = await guarded({ storage, ...timeouts })
      const cookie = await logIn(rig)
      rig.runtime.time += seconds * 1000
      expect(await asWho(rig, cookie)).toBe('nobody')
      const again = await logIn(rig)
      rig.runtime.time += (seconds - 1) * 1000
      expect(await asWho(rig, again)).toBe('alice')
    },
  )

  it('goes on while it is used, until its absolute end', async () => {
    const rig = await guarded({
      storage,
      idling_timeout: 100,
      rolling_timeout: 0,
      absolute_timeout: 250,
    })
    let cookie = await logIn(rig)
    const who = []
    for (let i = 0; i < 4; i++) {
      rig.runtime.time += 70_000
      const answer = await rig.ask('/', { headers: { cookie } })
      who.push(whoAsked(rig))
      cookie = jar(answer) || cookie
    }
    expect(who).toEqual(['alice', 'alice', 'alice', 'nobody'])
  })

  it('is renewed in its last quarter', async () => {
    const rig = await guarded({ storage, idling_timeout: 0, rolling_timeout: 100, stale_ttl: 5 })
    const first = await logIn(rig)
    rig.runtime.time += 74_000
    expect(cookiesOf(await rig.ask('/', { headers: { cookie: first } }))).toEqual([])
    rig.runtime.time += 1000
    const second = jar(await rig.ask('/', { headers: { cookie: first } }))
    expect(second).toMatch(/^session=/)
    rig.runtime.time += 90_000
    expect(await asWho(rig, first)).toBe('nobody')
    expect(await asWho(rig, second)).toBe('alice')
  })

  it.each<{
    how: string
    path?: string
    init: RequestInit
    ends: boolean
    config?: object
    type?: string
  }>([
    { how: 'the query', path: '/?session_logout=1', init: { method: 'POST' }, ends: true },
    { how: 'a bare word', path: '/?session_logout', init: { method: 'DELETE' }, ends: true },
    { how: 'another method', path: '/?session_logout=1', init: { method: 'GET' }, ends: false },
    {
      how: 'a method of choice',
      path: '/?session_logout=1',
      init: { method: 'GET' },
      ends: true,
      config: { logout_methods: ['GET'] },
    },
    {
      how: 'another word',
      path: '/?bye=1',
      init: { method: 'POST' },
      ends: true,
      config: { logout_query_arg: 'bye' },
    },
    {
      how: 'a form nobody reads',
      init: { method: 'POST', body: new URLSearchParams({ session_logout: '1' }) },
      ends: false,
    },
    {
      how: 'a form',
      init: { method: 'POST', body: new URLSearchParams({ bye: '1' }) },
      ends: true,
      config: { read_body_for_logout: true, logout_post_arg: 'bye' },
    },
    {
      how: 'null in JSON',
      init: { method: 'POST', body: '{"session_logout":null}' },
      ends: true,
      config: { read_body_for_logout: true },
      type: 'application/json',
    },
    {
      how: 'another form',
      init: { method: 'POST', body: new URLSearchParams({ bye: '1' }) },
      ends: false,
      config: { read_body_for_logout: true },
    },
  ])('is ended by $how: $ends', async ({ path = '/', init, ends, config, type }) => {
    const typed = type === undefined ? {} : { 'content-type': type }
    const rig = await guarded({ storage, ...config })
    const cookie = await logIn(rig)
    const before = rig.transport.sent.length
    const answer = await rig.ask(path, { ...init, headers: { cookie, ...typed } })
    expect(answer.status).toBe(200)
    expect(rig.transport.sent.length - before).toBe(ends ? 0 : 1)
    expect(jar(answer)).toBe(ends ? 'session=' : '')
    if (!ends) return
    expect(answer.text).toBe('')
    if (storage === 'kong') expect(await asWho(rig, cookie)).toBe('nobody')
  })

  it('is told to the upstream and to the client as far as asked for', async () => {
    const all = [
      'id',
      'audience',
      'subject',
      'timeout',
      'idling-timeout',
      'rolling-timeout',
      'absolute-timeout',
    ]
    const rig = await guarded({
      storage,
      audience: 'shop',
      request_headers: all,
      response_headers: all,
    })
    const forged = { 'session-id': 'forged', 'session-subject': 'admin' }
    const started = await rig.ask('/', { headers: { apikey: 'alice', ...forged } })
    expect(valuesOf(rig.transport.sent.at(-1)?.headers ?? [], 'session-subject')).toEqual([])
    expect(started.headers.get('session-subject')).toBe('alice')
    rig.runtime.time += 10_000
    const answer = await rig.ask('/', { headers: { cookie: jar(started), ...forged } })
    const told = Object.fromEntries(
      all.map((word) => [
        word,
        valuesOf(rig.transport.sent.at(-1)?.headers ?? [], `session-${word}`),
      ]),
    )
    expect(told).toEqual({
      id: [expect.stringMatching(/^[\w-]{43}$/)],
      audience: ['shop'],
      subject: ['alice'],
      timeout: ['890'],
      'idling-timeout': ['890'],
      'rolling-timeout': ['3590'],
      'absolute-timeout': ['86390'],
    })
    for (const word of all) expect(answer.headers.get(`session-${word}`)).toBe(told[word]?.[0])
  })

  it('is remembered when asked for', async () => {
    const rig = await guarded({
      storage,
      remember: true,
      remember_cookie_name: 'keep',
      remember_rolling_timeout: 2000,
      remember_absolute_timeout: 3000,
      absolute_timeout: 100,
    })
    const answer = await rig.ask('/', { headers: { apikey: 'alice' } })
    const [session = '', keep = ''] = cookiesOf(answer)
    expect(session).not.toContain('Max-Age')
    const until = new Date(rig.runtime.time + 2000_000).toUTCString()
    expect(keep).toMatch(/^keep=[\w-]+; .*; HttpOnly; Expires=[^;]+; Max-Age=2000$/)
    expect(keep).toContain(`; Expires=${until};`)
    const kept = keep.split(';')[0] ?? ''
    // Neither is good for the other.
    expect(await asWho(rig, kept.replace('keep', 'session'))).toBe('nobody')
    rig.runtime.time += 1600_000
    const again = await rig.ask('/', { headers: { cookie: kept } })
    expect(whoAsked(rig)).toBe('alice')
    expect(cookiesOf(again)).toEqual([
      expect.stringMatching(/^session=\S+; (?!.*Max-Age)/),
      expect.stringMatching(/^keep=\S+; .*; Max-Age=1400$/),
    ])
    const bye = await rig.ask('/?session_logout', {
      method: 'POST',
      headers: { cookie: jar(again) },
    })
    expect(jar(bye)).toBe('session=; keep=')
    rig.runtime.time += 1400_000
    expect(await asWho(rig, jar(again))).toBe('nobody')
  })
})

describe('a cookie', () => {
  it.each([
    { config: {}, rest: 'Path=/; SameSite=Strict; Secure; HttpOnly' },
    {
      config: {
        cookie_path: '/x',
        cookie_domain: 'a.test',
        cookie_same_site: 'Lax',
        cookie_secure: false,
      },
      rest: 'Path=/x; Domain=a.test; SameSite=Lax; HttpOnly',
    },
    {
      config: { cookie_same_site: 'Default', cookie_http_only: false },
      rest: 'Path=/; Secure',
    },
  ])('under $config has $rest', async ({ config, rest }) => {
    const rig = await guarded({ cookie_name: 'mine', ...config })
    const answer = await rig.ask('/', { headers: { apikey: 'alice' } })
    expect(cookiesOf(answer)).toEqual([expect.stringMatching(/^mine=[\w-]+; /)])
    expect(cookiesOf(answer)[0]?.split('; ').slice(1).join('; ')).toBe(rest)
  })

  it.each([{ secret: 'theirs' }, { audience: 'theirs' }])(
    'of another gateway is none of ours: %j',
    async (config) => {
      const cookie = await logIn(await guarded(config))
      expect(await asWho(await guarded(config), cookie)).toBe('alice')
      expect(await asWho(await guarded(), cookie)).toBe('nobody')
    },
  )

  it('is not set where it would be too long', async () => {
    const rig = await guarded()
    expect(await logIn(rig, { 'x-told': 'g'.repeat(4000) })).toBe('')
    expect(rig.runtime.lines).toContain('error: Cannot keep a session')
  })
})

describe('rows of sessions', () => {
  it('tell nothing of what is in them, and go with the session', async () => {
    const rig = await guarded({ storage: 'kong' })
    const cookie = await logIn(rig)
    const rows = async (): Promise<unknown[]> => {
      const { json } = await rig.admin('GET', '/sessions')
      return (json as { data: unknown[] }).data
    }
    const [row] = await rows()
    expect(row).toMatchObject({ expires: 1_700_000_900, ttl: expect.any(Number) })
    expect(JSON.stringify(row)).not.toContain(ALICE.id)
    await rig.ask('/?session_logout', { method: 'POST', headers: { cookie } })
    expect(await rows()).toEqual([])
  })

  it('stay good for a while under an old name, which renews nothing', async () => {
    const rig = await guarded({ storage: 'kong', rolling_timeout: 100, stale_ttl: 5 })
    const cookie = await logIn(rig)
    rig.runtime.time += 75_000
    expect(cookiesOf(await rig.ask('/', { headers: { cookie } }))).toHaveLength(1)
    rig.runtime.time += 4000
    expect(cookiesOf(await rig.ask('/', { headers: { cookie } }))).toHaveLength(0)
    expect(whoAsked(rig)).toBe('alice')
    rig.runtime.time += 2000
    expect(await asWho(rig, cookie)).toBe('nobody')
  })
})

import { describe, expect, it } from 'vitest'
import {
  type Asked,
  openGateway,
  type Rig,
  type RigOptions,
} from '../../test/plugins/open-gateway.ts'
import { clientRequest, failure, incoming, requestBody, valuesOf } from '../../test/proxy/fakes.ts'

const JSON_TYPE = ['Content-Type', 'application/json']

/** An upstream whose answers say which request they answer. */
function cached(
  config: object,
  more: RigOptions & { headers?: readonly string[]; status?: number } = {},
): Promise<Rig> {
  const { headers = JSON_TYPE, status = 200, ...rest } = more
  return openGateway({
    plugins_of_route: [{ name: 'proxy-cache', config: { strategy: 'memory', ...config } }],
    upstream: (_, sent) => incoming({ status, headers: [...headers], body: `${sent}` }),
    ...rest,
  })
}

const typed = (...headers: string[]): string[] => [...JSON_TYPE, ...headers]
const statusOf = ({ headers }: Asked): string | null => headers.get('x-cache-status')

async function twice(
  { ask }: Rig,
  first: RequestInit = {},
  second = first,
  path = '/',
): Promise<Asked> {
  await ask(path, first)
  return ask(path, second)
}

describe('an answer', () => {
  it('is given again, with its age', async () => {
    const rig = await cached({}, { headers: typed('ETag', '"a"', 'X-RateLimit-Remaining', '1') })
    const miss = await rig.ask('/')
    expect(statusOf(miss)).toBe('Miss')
    expect(miss.headers.get('x-cache-key')).toMatch(/^[0-9a-f]{64}$/)
    rig.runtime.time += 7900
    const hit = await rig.ask('/')
    expect([hit.status, hit.text, statusOf(hit)]).toEqual([200, '1', 'Hit'])
    expect(hit.headers.get('age')).toBe('7')
    expect(hit.headers.get('etag')).toBe('"a"')
    expect(hit.headers.get('content-length')).toBe('1')
    expect(hit.headers.has('x-ratelimit-remaining')).toBe(false)
    expect(hit.headers.get('x-cache-key')).toBe(miss.headers.get('x-cache-key'))
    // Kong: of a kept answer clients are told what they are told of a proxied one.
    const told = ['x-kong-upstream-latency', 'x-kong-proxy-latency', 'via', 'server']
    expect(told.map((name) => hit.headers.get(name))).toEqual(
      told.map((name) => miss.headers.get(name)),
    )
    expect(hit.headers.has('x-kong-response-latency')).toBe(false)
    expect(rig.transport.sent).toHaveLength(1)
  })

  it.each([
    { cache_ttl: 10, storage_ttl: 60, after: 10, status: 'Hit' },
    { cache_ttl: 10, storage_ttl: 60, after: 11, status: 'Refresh' },
    { cache_ttl: 10, storage_ttl: 60, after: 60, status: 'Miss' },
    { cache_ttl: 10, after: 9, status: 'Hit' },
    { cache_ttl: 10, after: 10, status: 'Miss' },
  ])(
    'is $status $after s later, of ttl $cache_ttl/$storage_ttl',
    async ({ after, status, ...config }) => {
      const rig = await cached(config)
      await rig.ask('/')
      rig.runtime.time += after * 1000
      expect(statusOf(await rig.ask('/'))).toBe(status)
      expect(statusOf(await rig.ask('/'))).toBe('Hit')
    },
  )

  it.each([
    { why: 'another status', more: { status: 201 } },
    {
      why: 'a status in the list',
      config: { response_code: [201] },
      more: { status: 201 },
      kept: true,
    },
    { why: 'a part', config: { response_code: [206] }, more: { status: 206 } },
    { why: 'no type', more: { headers: [] } },
    { why: 'another type', more: { headers: ['Content-Type', 'text/html'] } },
    {
      why: 'a type with a parameter',
      more: { headers: ['Content-Type', 'text/plain; charset=utf-8'] },
    },
    {
      why: 'a parameter in the list',
      config: { content_type: ['text/plain;charset=utf-8'] },
      more: { headers: ['Content-Type', 'text/plain; charset="UTF-8"'] },
      kept: true,
    },
    {
      why: 'any type',
      config: { content_type: ['*/*'] },
      more: { headers: ['Content-Type', 'a/b'] },
      kept: true,
    },
    {
      why: 'any type in one star',
      config: { content_type: ['*'] },
      more: { headers: ['Content-Type', 'a/b'] },
      kept: true,
    },
    {
      why: 'a broken type in the list',
      config: { content_type: ['a/b;', 'a/b ', 'a/b/c'] },
      more: { headers: ['Content-Type', 'a/b'] },
    },
    {
      why: 'a broken type of the upstream',
      config: { content_type: ['a/b', '*/*'] },
      more: { headers: ['Content-Type', 'a/b;'] },
    },
    {
      why: 'a quoted parameter with a semicolon',
      config: { content_type: ['a/b ; x="1;2"'] },
      more: { headers: ['Content-Type', 'A/B;X="1;2"'] },
      kept: true,
    },
    { why: 'a cookie', more: { headers: typed('Set-Cookie', 'a=1') } },
    { why: 'any variance', more: { headers: typed('Vary', 'Accept, *') } },
    {
      why: 'what is private, unheeded',
      more: { headers: typed('Cache-Control', 'private') },
      kept: true,
    },
  ])('with $why is kept: $kept', async ({ config = {}, more, kept = false }) => {
    const rig = await cached(config, more)
    const answer = await twice(rig)
    expect(statusOf(answer)).toBe(kept ? 'Hit' : 'Bypass')
    expect(rig.transport.sent).toHaveLength(kept ? 1 : 2)
  })

  it('is kept for the methods that are listed, each by itself', async () => {
    const rig = await cached({ request_method: ['GET', 'POST'] })
    const found: (string | null)[] = []
    for (const method of ['GET', 'POST', 'POST', 'HEAD', 'PUT']) {
      const answer = await rig.ask('/', { method })
      found.push(statusOf(answer))
      expect(answer.headers.has('x-cache-key')).toBe(method === 'GET' || method === 'POST')
    }
    expect(found).toEqual(['Miss', 'Miss', 'Hit', 'Bypass', 'Bypass'])
  })

  it('is neither kept nor given to a GET with a body', async () => {
    const rig = await cached({})
    // No web Request can be such a one.
    const fat = clientRequest({ host: 'a.test', target: '/', body: requestBody(['x']) })
    const status = async (): Promise<string | undefined> =>
      valuesOf((await rig.gateway.handle(fat)).headers, 'x-cache-status')[0]
    expect(await status()).toBe('Bypass')
    expect(statusOf(await rig.ask('/'))).toBe('Miss')
    expect(await status()).toBe('Bypass')
  })

  it('to HEAD tells the length that the upstream told', async () => {
    const rig = await cached({}, { headers: typed('Content-Length', '1234') })
    const hit = await twice(rig, { method: 'HEAD' })
    expect([statusOf(hit), hit.headers.get('content-length'), hit.text]).toEqual([
      'Hit',
      '1234',
      '',
    ])
  })

  it.each([
    { response_headers: { age: false }, absent: 'age' },
    { response_headers: { 'X-Cache-Status': false }, absent: 'x-cache-status' },
    { response_headers: { 'X-Cache-Key': false }, absent: 'x-cache-key' },
  ])('tells no $absent when that is off', async ({ response_headers, absent }) => {
    const rig = await cached({ response_headers })
    const told = ['age', 'x-cache-status', 'x-cache-key']
    const { headers } = await twice(rig)
    expect(told.filter((name) => !headers.has(name))).toEqual([absent])
  })

  it('tells everything to a client that sends Kong-Debug', async () => {
    const hidden = { age: false, 'X-Cache-Status': false, 'X-Cache-Key': false }
    const rig = await cached({ response_headers: hidden })
    const told = ['age', 'x-cache-status', 'x-cache-key']
    const debug = { headers: { 'kong-debug': '' } }
    const first = await rig.ask('/', debug)
    expect(told.filter((name) => first.headers.has(name))).toEqual(told.slice(1))
    expect(statusOf(first)).toBe('Miss')
    const second = await rig.ask('/', debug)
    expect(told.filter((name) => second.headers.has(name))).toEqual(told)
    const third = await rig.ask('/')
    expect(told.filter((name) => third.headers.has(name))).toEqual([])
  })

  it('is not kept when it was cut', async () => {
    async function* cut(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(1)
      throw new Error('cut')
    }
    const upstream = () => incoming({ headers: [...JSON_TYPE], body: cut() })
    const rig = await cached({}, { upstream })
    await expect(rig.ask('/')).rejects.toThrow('cut')
    await expect(rig.ask('/')).rejects.toThrow('cut')
    expect(rig.transport.sent).toHaveLength(2)
  })

  it.each([
    { length: 8 * 2 ** 20, status: 'Hit' },
    { length: 8 * 2 ** 20 + 1, status: 'Bypass' },
    { length: 8 * 2 ** 20 + 1, method: 'HEAD', status: 'Hit' },
  ])('of $length bytes is $status, $method', async ({ length, method = 'GET', status }) => {
    const headers = typed('Content-Length', `${length}`)
    const body = method === 'HEAD' ? undefined : new Uint8Array(length)
    const upstream = () => incoming({ headers, ...(body === undefined ? {} : { body }) })
    const rig = await cached({}, { upstream })
    expect(statusOf(await twice(rig, { method }))).toBe(status)
  })

  it('of unknown length is kept once it was whole', async () => {
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode('a')
      yield new TextEncoder().encode('b')
    }
    const rig = await cached(
      {},
      { upstream: () => incoming({ headers: [...JSON_TYPE], body: chunks() }) },
    )
    expect((await twice(rig)).text).toBe('ab')
    expect(rig.transport.sent).toHaveLength(1)
  })

  it('outlives a change of another thing in the configuration', async () => {
    const rig = await cached({})
    await rig.ask('/')
    await rig.admin('PUT', '/services/other', { url: 'http://b.test' })
    expect(statusOf(await rig.ask('/'))).toBe('Hit')
  })
})

describe('nobody gets the answer of', () => {
  const key = (apikey: string): RequestInit => ({ headers: { apikey } })
  const auth = (authorization: string): RequestInit => ({ headers: { authorization } })

  it('another consumer', async () => {
    const plugins_of_route = [
      { name: 'key-auth', config: {} },
      { name: 'proxy-cache', config: { strategy: 'memory' } },
    ]
    const consumers = ['a', 'b'].map((name) => ({
      username: name,
      keyauth_credentials: [{ key: name }],
    }))
    const rig = await cached({}, { plugins_of_route, config: { consumers } })
    expect((await twice(rig, key('a'), key('b'))).text).toBe('2')
    expect((await rig.ask('/', key('a'))).text).toBe('1')
    expect((await rig.ask('/')).status).toBe(401)
  })

  it.each([
    { what: 'Authorization', first: auth('Basic a'), second: auth('Basic b') },
    { what: 'Authorization, or none', first: auth('Basic a'), second: {} },
    {
      what: 'Accept, where it varies',
      first: { headers: { accept: 'a' } },
      second: { headers: { accept: 'b' } },
    },
    {
      what: 'X-Own, which is listed',
      first: { headers: { 'x-own': 'a' } },
      second: { headers: { 'x-own': 'b' } },
    },
  ])('another $what', async ({ first, second }) => {
    const rig = await cached({ vary_headers: ['X-Own'] }, { headers: typed('Vary', 'Accept') })
    expect((await twice(rig, first, second)).text).toBe('2')
    expect((await rig.ask('/', first)).text).toBe('1')
    expect((await rig.ask('/', second)).text).toBe('2')
  })

  it.each([
    { paths: ['/a', '/b'], same: false },
    { paths: ['/a', '/A'], same: false },
    { paths: ['/a', '/A'], same: true, config: { ignore_uri_case: true } },
    { paths: ['/?a=1', '/?a=2'], same: false },
    { paths: ['/?a=1&b=2', '/?b=2&a=1'], same: true },
    { paths: ['/?a=1&a=2', '/?a=2&a=1'], same: true },
    { paths: ['/?a=1:b=2', '/?a=1&b=2'], same: false },
    { paths: ['/?a=1,2', '/?a=1&a=2'], same: false },
    { paths: ['/?a', '/?a='], same: false },
    { paths: ['/?a=1&b=1', '/?a=1&b=2'], same: true, config: { vary_query_params: ['a'] } },
    { paths: ['/?a=1&b=1', '/?a=2&b=1'], same: false, config: { vary_query_params: ['a'] } },
  ])('$paths: $same', async ({ paths, same, config = {} }) => {
    const rig = await cached(config)
    await rig.ask(paths[0] ?? '')
    expect((await rig.ask(paths[1] ?? '')).text).toBe(same ? '1' : '2')
  })
})

describe('Cache-Control, heeded,', () => {
  const asked = (value: string): RequestInit => ({ headers: { 'cache-control': value } })
  const heeded = (answer: readonly string[], config: object = {}): Promise<Rig> =>
    cached({ cache_control: true, ...config }, { headers: typed(...answer) })

  it.each([
    { answer: [], status: 'Bypass' },
    { answer: ['Cache-Control', 'max-age=10'], status: 'Hit' },
    { answer: ['Cache-Control', 'max-age=10, s-maxage=0'], status: 'Bypass' },
    { answer: ['Cache-Control', 'max-age=0, s-maxage=10'], status: 'Hit' },
    { answer: ['Cache-Control', 'max-age=10', 'Age', '10'], status: 'Bypass' },
    { answer: ['Cache-Control', 'max-age=10, private'], status: 'Bypass' },
    { answer: ['Cache-Control', 'max-age=10, no-store'], status: 'Bypass' },
    { answer: ['Cache-Control', 'max-age=10, no-cache="x"'], status: 'Bypass' },
    { answer: ['Expires', 'Tue, 14 Nov 2023 22:13:30 GMT'], status: 'Hit' },
    { answer: ['Expires', 'Tue, 14 Nov 2023 22:13:20 GMT'], status: 'Bypass' },
    { answer: ['Expires', '0'], status: 'Bypass' },
    {
      answer: ['Date', 'Tue, 14 Nov 2023 23:00:00 GMT', 'Expires', 'Tue, 14 Nov 2023 22:59:59 GMT'],
      status: 'Bypass',
    },
  ])('keeps an answer with $answer: $status', async ({ answer, status }) => {
    expect(statusOf(await twice(await heeded(answer)))).toBe(status)
  })

  it.each([
    { answer: 'max-age=10', status: 'Bypass' },
    { answer: 'max-age=10, public', status: 'Hit' },
    { answer: 's-maxage=10', status: 'Hit' },
    { answer: 'max-age=10, must-revalidate', status: 'Hit' },
  ])('keeps $answer to a request with Authorization: $status', async ({ answer, status }) => {
    const rig = await heeded(['Cache-Control', answer])
    expect(statusOf(await twice(rig, { headers: { authorization: 'a' } }))).toBe(status)
  })

  it.each([
    { request: 'no-store', after: 0, status: 'Bypass' },
    { request: 'no-cache', after: 0, status: 'Bypass' },
    { request: 'max-age=5', after: 5, status: 'Hit' },
    { request: 'max-age=5', after: 6, status: 'Refresh' },
    { request: 'min-fresh=5', after: 5, status: 'Hit' },
    { request: 'min-fresh=5', after: 6, status: 'Refresh' },
    { request: '', after: 9, status: 'Hit' },
    { request: '', after: 10, status: 'Refresh' },
    { request: 'max-stale', after: 40, status: 'Hit' },
    { request: 'max-stale=5', after: 15, status: 'Hit' },
    { request: 'max-stale=5', after: 16, status: 'Refresh' },
    { request: 'max-stale', after: 40, more: ', must-revalidate', status: 'Refresh' },
  ])(
    'asked for "$request" $after s later is $status$more',
    async ({ request, after, more = '', status }) => {
      const rig = await heeded(['Cache-Control', `max-age=10${more}`], { storage_ttl: 60 })
      await rig.ask('/')
      rig.runtime.time += after * 1000
      expect(statusOf(await rig.ask('/', asked(request)))).toBe(status)
    },
  )

  it('answers 504 to who wants what is kept, and nothing is', async () => {
    const rig = await heeded(['Cache-Control', 'max-age=10'], { storage_ttl: 60 })
    const absent = await rig.ask('/', asked('only-if-cached'))
    expect([absent.status, absent.text, statusOf(absent)]).toEqual([504, '', null])
    expect(rig.transport.sent).toHaveLength(0)
    await rig.ask('/')
    expect((await rig.ask('/', asked('only-if-cached'))).status).toBe(200)
    rig.runtime.time += 10_000
    expect((await rig.ask('/', asked('only-if-cached'))).status).toBe(504)
  })

  it('adds the age an answer came with', async () => {
    const rig = await heeded(['Cache-Control', 'max-age=10', 'Age', '4'])
    await rig.ask('/')
    rig.runtime.time += 3000
    expect((await rig.ask('/')).headers.get('age')).toBe('7')
    rig.runtime.time += 3000
    expect(statusOf(await rig.ask('/'))).toBe('Miss')
  })

  it.each([
    { method: 'POST', status: 200, next: 'Miss' },
    { method: 'DELETE', status: 500, next: 'Hit' },
    { method: 'OPTIONS', status: 200, next: 'Hit' },
  ])('forgets what $method changed, with $status', async ({ method, status, next }) => {
    const upstream: RigOptions['upstream'] = (out) =>
      incoming({
        status: out.method === method ? status : 200,
        headers: typed('Cache-Control', 'max-age=10'),
      })
    const rig = await cached({ cache_control: true }, { upstream })
    await rig.ask('/')
    await rig.ask('/', { method })
    expect(statusOf(await rig.ask('/'))).toBe(next)
  })

  it.each([
    { 'if-none-match': 'W/"a", "b"', status: 304 },
    { 'if-none-match': '"c"', 'if-modified-since': 'Tue, 14 Nov 2023 22:13:20 GMT', status: 200 },
    { 'if-modified-since': 'Tue, 14 Nov 2023 22:13:20 GMT', status: 304 },
    { 'if-modified-since': 'Tue, 14 Nov 2023 22:13:18 GMT', status: 200 },
  ])('$if-none-match $if-modified-since: $status', async ({ status, ...headers }) => {
    const answer = ['ETag', '"b"', 'Last-Modified', 'Tue, 14 Nov 2023 22:13:19 GMT']
    const rig = await heeded(['Cache-Control', 'max-age=10', ...answer])
    await rig.ask('/')
    const second = await rig.ask('/', { headers })
    expect([second.status, second.text]).toEqual([status, status === 304 ? '' : '1'])
    expect(rig.transport.sent).toHaveLength(1)
  })
})

describe('many who ask at once', () => {
  /** Lets nobody through to the upstream until `open` is called. */
  function gated(rig: Rig): { open(): void } {
    const { send } = rig.transport
    let open = (): void => {}
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    rig.transport.send = async (outgoing) => {
      const result = send(outgoing)
      await opened
      return result
    }
    return { open: () => open() }
  }
  const asking = ({ ask }: Rig, times: number): Promise<Asked[]> =>
    Promise.all(Array.from({ length: times }, () => ask('/')))

  it('are answered by one request', async () => {
    const rig = await cached({})
    const gate = gated(rig)
    const all = asking(rig, 1000)
    gate.open()
    const answers = await all
    expect(rig.transport.sent).toHaveLength(1)
    expect(answers.map(({ text }) => text)).toEqual(Array.from(answers, () => '1'))
    expect(answers.filter((answer) => statusOf(answer) === 'Hit')).toHaveLength(999)
  })

  it.each([
    { why: 'it fails', upstream: () => failure(), status: 502 },
    {
      why: 'what it brings is not kept',
      upstream: () => incoming({ headers: typed('Set-Cookie', 'a=1') }),
      status: 200,
    },
  ])('ask for themselves when $why', async ({ upstream, status }) => {
    const rig = await cached({}, { upstream })
    const gate = gated(rig)
    const all = asking(rig, 20)
    gate.open()
    expect((await all).map((answer) => answer.status)).toEqual(
      Array.from({ length: 20 }, () => status),
    )
    expect(rig.transport.sent.length).toBeGreaterThanOrEqual(20)
  })

  it('do not wait for one who wants a part, or only what changed', async () => {
    const rig = await cached({}, { headers: typed('ETag', '"a"') })
    const gate = gated(rig)
    const special = ['range', 'if-none-match', 'if-modified-since']
    const all = special.map((name) => rig.ask('/', { headers: { [name]: 'x' } }))
    await expect.poll(() => rig.transport.sent.length).toBe(3)
    gate.open()
    await Promise.all(all)
  })

  it('do not wait where nothing is kept', async () => {
    const rig = await cached({}, { headers: [] })
    await rig.ask('/')
    const gate = gated(rig)
    const all = asking(rig, 20)
    await expect.poll(() => rig.transport.sent.length).toBe(21)
    gate.open()
    await all
  })
})

describe('the Admin API', () => {
  it('shows an answer and throws it away', async () => {
    const rig = await cached({ cache_ttl: 9 }, { headers: typed('Vary', 'Accept') })
    const name = (await rig.ask('/')).headers.get('x-cache-key')
    const found = await rig.admin('GET', `/proxy-cache/${name}`)
    expect(found.json).toEqual({
      status: 200,
      headers: { 'Content-Type': 'application/json', Vary: 'Accept', 'X-Cache-Key': name },
      body: '1',
      body_len: 1,
      timestamp: 1_700_000_000,
      ttl: 9,
      version: 1,
    })
    expect((await rig.admin('DELETE', `/proxy-cache/${name}`)).status).toBe(204)
    expect((await rig.admin('DELETE', `/proxy-cache/${name}`)).status).toBe(404)
    expect((await rig.admin('GET', `/proxy-cache/${name}`)).status).toBe(404)
    expect(statusOf(await rig.ask('/'))).toBe('Miss')
  })

  it('does so by the plugin too', async () => {
    const rig = await cached({})
    const name = (await rig.ask('/')).headers.get('x-cache-key')
    const { json } = await rig.admin('GET', '/plugins')
    const [{ id }] = (json as { data: [{ id: string }] }).data
    const other = '00000000-0000-4000-8000-000000000000'
    expect((await rig.admin('GET', `/proxy-cache/${other}/caches/${name}`)).status).toBe(404)
    expect((await rig.admin('GET', `/proxy-cache/${id}/caches/${name}`)).status).toBe(200)
    expect((await rig.admin('DELETE', `/proxy-cache/${id}/caches/${name}`)).status).toBe(204)
    expect(statusOf(await rig.ask('/'))).toBe('Miss')
  })

  it('throws all away', async () => {
    const rig = await cached({})
    await rig.ask('/a')
    expect((await rig.admin('DELETE', '/proxy-cache')).status).toBe(204)
    expect(statusOf(await rig.ask('/a'))).toBe('Miss')
  })
})

import { describe, expect, it } from 'vitest'
import { openGateway } from '../../test/plugins/open-gateway.ts'
import { incoming } from '../../test/proxy/fakes.ts'

type Config = Readonly<Record<string, unknown>>

function open(config: Config, answered: string[] = []) {
  return openGateway({
    plugins_of_route: [{ name: 'cors', config }],
    upstream: () => incoming({ headers: answered, body: 'hello' }),
  })
}

async function asked(config: Config, headers: Record<string, string>, method = 'GET') {
  const { ask, transport } = await open(config)
  return { answer: await ask('/', { method, headers }), transport }
}

const PREFLIGHT = { Origin: 'https://a.test', 'Access-Control-Request-Method': 'PUT' }

/** What an answer says of origins. */
function told(headers: Headers): Record<string, string> {
  return Object.fromEntries(
    [...headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary'),
  )
}

describe('a preflight', () => {
  it('is answered at once, with 200 and nothing in it', async () => {
    const { answer, transport } = await asked({}, PREFLIGHT, 'OPTIONS')
    expect(answer.status).toBe(200)
    expect(answer.text).toBe('')
    expect(answer.headers.get('content-length')).toBe('0')
    expect(told(answer.headers)).toEqual({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET,HEAD,PUT,PATCH,POST,DELETE,OPTIONS,TRACE,CONNECT',
    })
    expect(transport.sent).toHaveLength(0)
  })

  it.each<{ config: Config; headers: Record<string, string>; name: string; value: string | null }>([
    { config: { methods: ['GET', 'PUT'] }, headers: {}, name: 'methods', value: 'GET,PUT' },
    { config: { methods: [] }, headers: {}, name: 'methods', value: '' },
    { config: { headers: ['X-A', 'X-B'] }, headers: {}, name: 'headers', value: 'X-A,X-B' },
    { config: { headers: ['X-€'] }, headers: {}, name: 'headers', value: 'X-\xe2\x82\xac' },
    {
      config: {},
      headers: { 'Access-Control-Request-Headers': 'x-c, x-d' },
      name: 'headers',
      value: 'x-c, x-d',
    },
    {
      config: { headers: ['X-A'] },
      headers: { 'Access-Control-Request-Headers': 'x-c' },
      name: 'headers',
      value: 'X-A',
    },
    { config: { credentials: true }, headers: {}, name: 'credentials', value: 'true' },
    { config: { credentials: true }, headers: {}, name: 'origin', value: 'https://a.test' },
    {
      config: { private_network: true },
      headers: { 'Access-Control-Request-Private-Network': 'true' },
      name: 'private-network',
      value: 'true',
    },
    { config: { private_network: true }, headers: {}, name: 'private-network', value: null },
    {
      config: {},
      headers: { 'Access-Control-Request-Private-Network': 'true' },
      name: 'private-network',
      value: null,
    },
    { config: { origins: ['https://b.test', '.\\.x'] }, headers: {}, name: 'origin', value: null },
  ])(
    'of $config with $headers is allowed $name: $value',
    async ({ config, headers, name, value }) => {
      const { answer } = await asked(config, { ...PREFLIGHT, ...headers }, 'OPTIONS')
      expect(answer.headers.get(`access-control-allow-${name}`)).toBe(value)
    },
  )

  it.each([
    { config: {}, age: null },
    { config: { max_age: 0 }, age: '0' },
    { config: { max_age: 3600 }, age: '3600' },
  ])('may be kept for $age', async ({ config, age }) => {
    const { answer } = await asked(config, PREFLIGHT, 'OPTIONS')
    expect(answer.headers.get('access-control-max-age')).toBe(age)
  })

  it('goes on when the upstream is to answer it, and gets no header here', async () => {
    const { answer, transport } = await asked({ preflight_continue: true }, PREFLIGHT, 'OPTIONS')
    expect(transport.sent[0]?.method).toBe('OPTIONS')
    expect(answer.text).toBe('hello')
    expect(told(answer.headers)).toEqual({})
  })

  it.each([
    { why: 'it names no method', headers: { Origin: 'https://a.test' }, method: 'OPTIONS' },
    { why: 'it has no origin', headers: { 'Access-Control-Request-Method': 'PUT' } },
    { why: 'it is a GET', headers: PREFLIGHT, method: 'GET' },
  ])('is none when $why', async ({ headers, method = 'OPTIONS' }) => {
    const { answer, transport } = await asked({}, { ...headers }, method)
    expect(transport.sent).toHaveLength(1)
    expect(told(answer.headers)).toEqual({ 'access-control-allow-origin': '*' })
  })
})

const SUBDOMAINS = ['https://(.*)\\.a\\.test', 'b.test']

describe('which origin may read an answer', () => {
  it.each<{ origins: string[] | undefined; origin?: string; allowed: string | null; vary?: true }>([
    { origins: undefined, origin: 'https://x.test', allowed: '*' },
    { origins: [], allowed: '*' },
    { origins: ['*'], allowed: '*' },
    {
      origins: ['https://a.test'],
      origin: 'https://x.test',
      allowed: 'https://a.test',
      vary: true,
    },
    { origins: ['https://a.test'], allowed: 'https://a.test', vary: true },
    { origins: ['a', '*'], origin: 'https://x.test', allowed: '*', vary: true },
    { origins: ['a', '*'], allowed: null, vary: true },
    { origins: SUBDOMAINS, allowed: null, vary: true },
    { origins: SUBDOMAINS, origin: 'https://x.a.test', allowed: 'https://x.a.test', vary: true },
    {
      origins: SUBDOMAINS,
      origin: 'https://x.a.test:443',
      allowed: 'https://x.a.test',
      vary: true,
    },
    { origins: SUBDOMAINS, origin: 'https://x.a.test:8443', allowed: null, vary: true },
    { origins: SUBDOMAINS, origin: 'http://x.a.test', allowed: null, vary: true },
    { origins: SUBDOMAINS, origin: 'https://x.a.test.evil', allowed: null, vary: true },
    { origins: SUBDOMAINS, origin: 'https://b.test', allowed: null, vary: true },
    {
      origins: ['x', 'http://a.test:80'],
      origin: 'http://a.test',
      allowed: 'http://a.test',
      vary: true,
    },
    {
      origins: ['x', 'http://a.test'],
      origin: 'http://a.test:80',
      allowed: 'http://a.test',
      vary: true,
    },
    { origins: ['x', 'null'], origin: 'null', allowed: 'null', vary: true },
    { origins: ['x', 'http://[::1]:8080'], origin: 'http://[::1]:8080', allowed: null, vary: true },
    {
      origins: ['[a-z]+.test'],
      origin: 'https://abc.test:99',
      allowed: 'https://abc.test:99',
      vary: true,
    },
    { origins: ['[a-z]+.test'], origin: 'https://a.b.test', allowed: null, vary: true },
    {
      origins: ['^https://a.test$|https://b.test'],
      origin: 'https://a.test.evil',
      allowed: null,
      vary: true,
    },
    {
      origins: ['https://a.test|https://b.test'],
      origin: 'https://a.test.evil',
      allowed: null,
      vary: true,
    },
    {
      origins: ['https://a.test|https://b.test'],
      origin: 'https://b.test',
      allowed: 'https://b.test',
      vary: true,
    },
  ])('of $origins, asked by $origin: $allowed', async ({ origins, origin, allowed, vary }) => {
    const config = origins === undefined ? {} : { origins }
    const { ask } = await open(config, ['Access-Control-Allow-Origin', 'https://upstream.test'])
    const headers: Record<string, string> = origin === undefined ? {} : { Origin: origin }
    // Twice: what was found is remembered.
    for (const answer of [await ask('/', { headers }), await ask('/', { headers })]) {
      expect(answer.headers.get('access-control-allow-origin')).toBe(allowed)
      expect(answer.headers.get('vary')).toBe(vary === true ? 'Origin' : null)
      expect(answer.text).toBe('hello')
    }
  })
})

describe('an answer', () => {
  it.each([
    { origin: 'https://x.test', allowed: 'https://x.test', credentials: 'true', vary: 'Origin' },
    { origin: undefined, allowed: '*', credentials: null, vary: null },
  ])('for all with credentials is for $origin', async ({ origin, allowed, credentials, vary }) => {
    const { answer } = await asked({ credentials: true }, origin ? { Origin: origin } : {})
    expect(answer.headers.get('access-control-allow-origin')).toBe(allowed)
    expect(answer.headers.get('access-control-allow-credentials')).toBe(credentials)
    expect(answer.headers.get('vary')).toBe(vary)
  })

  it('with credentials for one origin says so to everybody', async () => {
    const { answer } = await asked({ credentials: true, origins: ['https://a.test'] }, {})
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true')
  })

  it.each([
    { config: { exposed_headers: ['X-A', 'X-B'] }, exposed: 'X-A,X-B' },
    { config: { exposed_headers: ['X-é'] }, exposed: 'X-\xc3\xa9' },
    { config: { exposed_headers: [] }, exposed: null },
  ])('exposes $exposed', async ({ config, exposed }) => {
    const { answer } = await asked(config, { Origin: 'https://a.test' })
    expect(answer.headers.get('access-control-expose-headers')).toBe(exposed)
  })

  it('keeps what the upstream says that it varies by', async () => {
    const { ask } = await open({ origins: ['https://a.test'] }, ['Vary', 'Accept'])
    expect((await ask('/')).headers.get('vary')).toBe('Accept, Origin')
  })

  it('that refuses may be read too', async () => {
    const { ask } = await openGateway({
      plugins_of_route: [
        { name: 'cors', config: { origins: ['https://a.test'] } },
        { name: 'ip-restriction', config: { deny: ['10.0.0.9'] } },
      ],
    })
    const answer = await ask('/', { headers: { Origin: 'https://a.test' } })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://a.test')
  })
})

import { beforeEach, describe, expect, it } from 'vitest'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import { type Gate, openAdmin } from '../../test/open-admin.ts'
import { SERVER_TOKEN } from '../lib/version.ts'

let admin: Gate
beforeEach(async () => {
  admin = await openAdmin()
})

describe('every answer', () => {
  it.each(['/services', '/none', '/services?size=x'])('bears the headers at %s', async (path) => {
    const { headers, text } = await admin.get(path)
    expect(headers.get('server')).toBe(SERVER_TOKEN)
    expect(headers.get('x-kong-admin-latency')).toMatch(/^\d+$/)
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(headers.get('content-length')).toBe(String(new TextEncoder().encode(text).length))
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('access-control-allow-credentials')).toBe('true')
    for (const absent of ['vary', 'via', 'location']) expect(headers.has(absent)).toBe(false)
  })

  it('counts configuration revisions', async () => {
    const before = Number((await admin.get('/')).headers.get('x-config-revision'))
    const { headers } = await admin.json('POST /services', { host: 'h' })
    expect(Number(headers.get('x-config-revision'))).toBe(before + 1)
  })

  it('leaves out the headers that are switched off', async () => {
    const quiet = await openAdmin({ headers: new Set() })
    const { headers } = await quiet.get('/')
    expect([headers.has('server'), headers.has('x-kong-admin-latency')]).toEqual([false, false])
  })

  it('escapes slashes and keeps UTF-8 raw', async () => {
    const { text } = await admin.json('POST /services', { host: 'h', path: '/a', tags: ['円'] })
    expect(text).toContain('"path":"\\/a"')
    expect(text).toContain('円')
  })
})

it.each([
  ['/services', 'GET, HEAD, OPTIONS, POST'],
  ['/services/x', 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT'],
  ['/services/x/routes', 'GET, HEAD, OPTIONS, POST'],
  ['/routes/x/service', 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT'],
  ['/schemas/services/validate', 'OPTIONS, POST'],
])('OPTIONS %s allows %s', async (path, allow) => {
  const { status, text, headers } = await admin.send('OPTIONS', path)
  expect([status, text]).toEqual([204, ''])
  expect(headers.get('allow')).toBe(allow)
  expect(headers.get('access-control-allow-methods')).toBe(allow)
  expect(headers.get('access-control-allow-headers')).toBe('Content-Type')
})

it.each(['GET', 'POST'])('tells robots to stay away: %s', async (verb) => {
  const guarded = await openAdmin({ adminToken: 'a-secret-of-16-chars' })
  const { status, text, headers } = await guarded.send(verb, '/robots.txt')
  expect([status, text]).toEqual([200, 'User-agent: *\nDisallow: /'])
  expect(headers.get('content-type')).toBe('text/plain; charset=UTF-8')
})

it('answers HEAD as GET, without the body', async () => {
  const { status, text, headers } = await admin.send('HEAD', '/services')
  expect([status, text]).toEqual([200, ''])
  expect(headers.get('content-length')).toBe('23')
  expect(await admin.send('HEAD', '/none')).toMatchObject({ status: 404, text: '' })
})

it.each([
  ['GET', '/services/', 200],
  ['GET', '//services', 404],
  ['GET', '/services//', 404],
  ['GET', '/Services', 404],
  ['GET', '/default/services', 200],
  ['GET', '/consumer_groups', 404],
  ['OPTIONS', '/none', 404],
  ['GET', '/services/%zz', 400],
  ['GET', '/services/%ff', 400],
  ['GET', '/services/%2Fx', 400],
  ['GET', '/services/%2561', 400],
  ['GET', '/services/%E5%86%86', 404],
  ['GET', '/services/円', 404],
  ['DELETE', '/services', 405],
  ['BREW', '/services', 405],
  ['GET', '/schemas/services/validate', 405],
  ['GET', '/filter-chains', 400],
  ['GET', '/config', 400],
  ['GET', '/status/dns', 501],
])('%s %s answers %i', async (method, path, status) => {
  expect((await admin.send(method, path)).status).toBe(status)
})

it('reads no body where none is asked', async () => {
  const { status } = await admin.send('DELETE', '/services/x', '{', 'application/json')
  expect(status).toBe(204)
})

it('takes multipart', async () => {
  const data = new FormData()
  data.set('name', 'm')
  data.set('host', 'm.test')
  data.set('tags[1]', 'a')
  const { status, body } = await admin.sendForm('/services', data)
  expect(status).toBe(201)
  expect(body).toMatchObject({ name: 'm', tags: ['a'] })
})

it.each([
  ['a cross-site form', { 'sec-fetch-site': 'cross-site' }],
  ['a foreign origin', { host: 'localhost:8001', origin: 'http://evil.test' }],
])('refuses %s, and changes nothing', async (_name, headers) => {
  const type = 'application/x-www-form-urlencoded'
  const reply = await admin.send(
    'POST',
    '/services',
    'host=h',
    type,
    headers as Record<string, string>,
  )
  expect(reply.status).toBe(403)
  expect(reply.headers.get('access-control-allow-origin')).not.toBe('http://evil.test')
  expect((await admin.get('/services')).ids).toEqual([])
})

describe('information', () => {
  it('tells what decK and the Manager read', async () => {
    expect((await admin.get('/')).body).toMatchObject({
      tagline: 'Welcome to kong',
      version: '3.9.3',
      edition: 'community',
      plugins: { available_on_server: {}, enabled_in_cluster: [] },
      configuration: { database: 'memory', router_flavor: 'traditional_compatible' },
    })
  })

  it.each([
    ['', 200, undefined],
    ['?unit=k&scale=3', 200, undefined],
    ['?unit=b', 200, undefined],
    ['?unit=V', 400, "invalid unit 'V' (expected 'k/K', 'm/M', or 'g/G')"],
    ['?scale=-1', 400, 'scale must be equal or greater than 0'],
  ])('answers /status%s', async (query, status, message) => {
    const reply = await admin.get(`/status${query}`)
    expect([reply.status, reply.body.message]).toEqual([status, message])
    if (status === 200) expect(reply.body).toMatchObject({ database: { reachable: true } })
  })

  it.each([
    ['', '0.00 MiB'],
    ['?unit=k', '0.00 KiB'],
    ['?unit=G&scale=3', '0.000 GiB'],
    ['?scale=0', '0 MiB'],
    ['?scale=1e9', `0.${'0'.repeat(99)} MiB`],
    ['?scale=x', '0.00 MiB'],
    ['?unit=b&scale=3', 0],
    ['?unit=', 0],
  ])('tells /status%s that no dictionary of Kong holds any memory', async (query, nothing) => {
    const { memory } = (await admin.get(`/status${query}`)).body
    const dictionary = { allocated_slabs: nothing, capacity: nothing }
    expect(memory).toEqual({
      lua_shared_dicts: { kong: dictionary, kong_db_cache: dictionary },
      workers_lua_vms: [],
    })
  })
})

describe('schemas', () => {
  it('shows fields as one-key objects', async () => {
    const { body } = await admin.get('/schemas/services')
    expect(body.fields).toContainEqual({ retries: expect.objectContaining({ default: 5 }) })
  })

  it.each([
    ['GET /schemas/nope', undefined, 404, "No entity named 'nope'"],
    ['GET /schemas/plugins/nope', undefined, 404, "No plugin named 'nope'"],
    ['GET /schemas/vaults/nope', undefined, 404, "No vault named 'nope'"],
    ['POST /schemas/nope/validate', {}, 404, "No entity named 'nope'"],
    ['POST /schemas/services/validate', { host: 'h' }, 200, 'schema validation successful'],
    ['POST /schemas/services/validate', { url: 'http://h' }, 200, 'schema validation successful'],
    ['POST /schemas/services/validate', {}, 400, 'schema violation (host: required field missing)'],
  ])('%s of %j', async (call, input, status, message) => {
    const reply = await admin.json(call, input)
    expect([reply.status, reply.body.message]).toEqual([status, message])
  })

  it('types no text of forms', async () => {
    const { body } = await admin.form('POST /schemas/services/validate', 'host=h&retries=5')
    expect(body.message).toBe('schema violation (retries: expected an integer)')
  })
})

describe('tags', () => {
  const A = '11111111-1111-4111-8111-111111111111'
  const B = '22222222-2222-4222-8222-222222222222'
  beforeEach(async () => {
    await admin.json('POST /upstreams', { id: B, name: 'u', tags: ['t'] })
    await admin.json('POST /services', { id: A, host: 'h', tags: ['t', 'a'] })
  })
  const rows = [
    { tag: 't', entity_name: 'services', entity_id: A },
    { tag: 'a', entity_name: 'services', entity_id: A },
    { tag: 't', entity_name: 'upstreams', entity_id: B },
  ]

  it('lists a row for each, in pages', async () => {
    expect((await admin.get('/tags')).body).toEqual({ data: rows, next: null })
    const seen: unknown[] = []
    let next: unknown = '/tags?size=1'
    while (typeof next === 'string') {
      const { body } = await admin.get(next)
      seen.push(...(body.data as unknown[]))
      next = body.next
    }
    expect(seen).toEqual(rows)
  })

  it('lists one tag', async () => {
    expect((await admin.get('/tags/t')).body.data).toEqual([rows[0], rows[2]])
    expect((await admin.get('/tags/none')).body).toEqual({ data: [], next: null })
    expect((await admin.get('/tags/a,b')).body).toMatchObject({
      code: 10,
      name: 'invalid unique tag',
    })
  })

  it.each([
    ['POST', '/tags', 400],
    ['PUT', '/tags/t', 405],
    ['DELETE', '/tags/t', 405],
  ])('%s %s answers %i', async (method, path, status) => {
    expect((await admin.send(method, path)).status).toBe(status)
  })
})

describe('when the store fails', () => {
  const failing = (error: Error) => {
    const port = createMemoryStore()
    return { ...port, commit: () => Promise.reject(error) }
  }

  it('answers 503, changes nothing and says no inside detail', async () => {
    const broken = await openAdmin({ store: failing(new Error('disk /secret is full')) })
    const { status, text } = await broken.json('POST /services', { host: 'h' })
    expect(status).toBe(503)
    expect(text).toBe('{"message":"The store does not answer, nothing was changed"}')
    expect((await broken.get('/services')).ids).toEqual([])
    expect(broken.logged).toContain('Admin API failed')
  })
})

it('answers 500 to a bug, and logs it', async () => {
  const balancers = {
    health: () => {
      throw new Error('inside detail')
    },
    summary: () => undefined,
    mark: () => undefined,
  }
  const broken = await openAdmin({ balancers })
  await broken.json('POST /upstreams', { name: 'u' })
  const { status, text } = await broken.get('/upstreams/u/health')
  expect([status, text]).toEqual([500, '{"message":"An unexpected error occurred"}'])
  expect(broken.logged).toContain('Admin API failed')
})

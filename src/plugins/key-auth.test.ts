import { describe, expect, it } from 'vitest'
import { openGateway, type Rig } from '../../test/plugins/open-gateway.ts'
import { valuesOf } from '../../test/proxy/fakes.ts'

const ALICE = {
  username: 'alice',
  custom_id: 'a-1',
  keyauth_credentials: [{ key: 'secret', id: '4c1a4a4e-1111-4000-8000-000000000001' }],
}

const FORM = 'application/x-www-form-urlencoded'

function multipart(fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  return form
}

function guarded(config: Readonly<Record<string, unknown>> = {}): Promise<Rig> {
  const plugins_of_route = [{ name: 'key-auth', config }]
  return openGateway({ plugins_of_route, config: { consumers: [ALICE, { username: 'nobody' }] } })
}

describe('a request without a good key', () => {
  it.each([
    { why: 'none', path: '/', headers: {}, message: 'No API key found in request' },
    { why: 'an empty one', path: '/?apikey=', headers: {}, message: 'No API key found in request' },
    { why: 'an unknown one', path: '/', headers: { apikey: 'x' }, message: 'Unauthorized' },
    {
      why: 'a repeated one',
      path: '/?apikey=secret&apikey=secret',
      headers: {},
      message: 'Duplicate API key found',
    },
    {
      why: 'an empty one in a header, whatever the query has',
      path: '/?apikey=secret',
      headers: { apikey: '' },
      message: 'No API key found in request',
    },
    { why: 'a name alone', path: '/?apikey', headers: {}, message: 'No API key found in request' },
    {
      why: "an object's own name",
      path: '/',
      headers: { apikey: '__proto__' },
      message: 'Unauthorized',
    },
  ])('is refused: $why', async ({ path, headers, message }) => {
    const { ask, transport } = await guarded()
    const answer = await ask(path, { headers })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Key')
    expect(answer.json).toEqual({ message, request_id: answer.headers.get('x-kong-request-id') })
    expect(transport.sent).toHaveLength(0)
  })

  it.each([
    { body: '{"apikey":["secret","secret"]}', message: 'Duplicate API key found' },
    { body: '{"apikey":["secret"]}', message: 'Duplicate API key found' },
    { body: '{"apikey":{"a":"secret"}}', message: 'Duplicate API key found' },
    { body: '{"apikey":false}', message: 'No API key found in request' },
    { body: 'apikey[]=secret', type: FORM, message: 'No API key found in request' },
    { body: 'apikey=secret&apikey=secret', type: FORM, message: 'Duplicate API key found' },
    { body: 'secret', type: 'text/plain', message: 'No API key found in request' },
  ])('is refused: $body', async ({ body, type = 'application/json', message }) => {
    const { ask } = await guarded({ key_in_body: true })
    const answer = await ask('/', { method: 'POST', body, headers: { 'content-type': type } })
    expect([answer.status, answer.json]).toMatchObject([401, { message }])
  })

  it('is not looked for in a body that nests deeper than anyone reads', async () => {
    const { ask } = await guarded({ key_in_body: true, hide_credentials: true })
    const body = `{"apikey":"secret","a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    const headers = { 'content-type': 'application/json' }
    expect((await ask('/', { method: 'POST', body, headers })).status).toBe(401)
  })

  it('names the realm', async () => {
    const { ask } = await guarded({ realm: 'ours' })
    expect((await ask('/')).headers.get('www-authenticate')).toBe('Key realm="ours"')
    const { ask: askElsewhere } = await guarded({ realm: '€' })
    const told = (await askElsewhere('/')).headers.get('www-authenticate')
    expect(told).toBe('Key realm="\xe2\x82\xac"')
  })
})

describe('a good key', () => {
  it.each<{ where: string; path: string; init: RequestInit }>([
    { where: 'a header', path: '/', init: { headers: { ApiKey: 'secret' } } },
    { where: 'the query', path: '/?apikey=secret', init: {} },
    {
      where: 'a form',
      path: '/',
      init: { method: 'POST', body: new URLSearchParams({ apikey: 'secret' }) },
    },
    {
      where: 'a multipart form',
      path: '/',
      init: { method: 'POST', body: multipart({ a: 'é', apikey: 'secret' }) },
    },
    {
      where: 'a JSON body',
      path: '/',
      init: {
        method: 'POST',
        body: '{"apikey":"secret"}',
        headers: { 'content-type': 'application/json' },
      },
    },
  ])('in $where lets its consumer in, and tells the upstream who it is', async ({ path, init }) => {
    const { ask, transport } = await guarded({ key_in_body: true })
    expect((await ask(path, init)).status).toBe(200)
    const headers = transport.sent[0]?.headers ?? []
    expect(valuesOf(headers, 'x-consumer-username')).toEqual(['alice'])
    expect(valuesOf(headers, 'x-consumer-custom-id')).toEqual(['a-1'])
    expect(valuesOf(headers, 'x-credential-identifier')).toEqual([
      '4c1a4a4e-1111-4000-8000-000000000001',
    ])
  })

  it('is found by a name with hyphens where its own has underscores, not the other way', async () => {
    const { ask, transport } = await guarded({ key_names: ['my_key'], hide_credentials: true })
    expect((await ask('/', { headers: { 'my-key': 'secret' } })).status).toBe(200)
    expect(valuesOf(transport.sent[0]?.headers ?? [], 'my-key')).toEqual([])
    const other = await guarded({ key_names: ['my-key'] })
    expect((await other.ask('/', { headers: { my_key: 'secret' } })).status).toBe(401)
  })

  it('is taken out of a multipart form, which stays one', async () => {
    const { ask, transport } = await guarded({ hide_credentials: true, key_in_body: true })
    const body = multipart({ a: 'é', apikey: 'secret', b: '2' })
    expect((await ask('/', { method: 'POST', body })).status).toBe(200)
    const sent = transport.sent[0]
    const [type = ''] = valuesOf(sent?.headers ?? [], 'content-type')
    const left = await new Response(sent?.body as Uint8Array<ArrayBuffer>, {
      headers: { 'content-type': type },
    }).formData()
    expect([...left]).toEqual([
      ['a', 'é'],
      ['b', '2'],
    ])
  })

  it('does not reach the upstream when it is to be hidden', async () => {
    const { ask, transport } = await guarded({ hide_credentials: true, key_in_body: true })
    await ask('/x?a=1&apikey=secret&b=2', { headers: { apikey: 'secret' } })
    expect(transport.sent[0]?.target).toBe('/x?a=1&b=2')
    expect(valuesOf(transport.sent[0]?.headers ?? [], 'apikey')).toEqual([])
  })

  it.each([
    // Kong: the other arguments are written anew.
    { query: 'c=valu%651&api%6B%65%79=secret&b', target: '/x?c=value1&b=' },
    { query: 'c=a+b&&apikey=secret&d=%C3%BC', target: '/x?c=a%20b&d=%C3%BC' },
    { query: 'apikey=secret', target: '/x' },
  ])('hidden in $query leaves $target', async ({ query, target }) => {
    const { ask, transport } = await guarded({ hide_credentials: true })
    await ask(`/x?${query}`)
    expect(transport.sent[0]?.target).toBe(target)
  })
})

it('takes no header of a client for a consumer', async () => {
  const { ask, transport } = await guarded({ anonymous: 'nobody' })
  await ask('/', { headers: { 'X-Consumer-Custom-ID': 'admin', 'X-Credential-Identifier': 'x' } })
  const headers = transport.sent[0]?.headers ?? []
  expect(valuesOf(headers, 'x-consumer-username')).toEqual(['nobody'])
  expect(valuesOf(headers, 'x-consumer-custom-id')).toEqual([])
  expect(valuesOf(headers, 'x-credential-identifier')).toEqual([])
  expect(valuesOf(headers, 'x-anonymous-consumer')).toEqual(['true'])
})

it('says so when the anonymous consumer is not there', async () => {
  const { ask } = await guarded({ anonymous: 'ghost' })
  const { status, json } = await ask('/')
  expect(status).toBe(500)
  expect(json).toMatchObject({
    message: "anonymous consumer ghost is configured but doesn't exist",
  })
})

it.each([
  { preflight: true, status: 401 },
  { preflight: false, status: 200 },
])('asks OPTIONS for a key: $preflight', async ({ preflight, status }) => {
  const { ask } = await guarded({ run_on_preflight: preflight })
  expect((await ask('/', { method: 'OPTIONS' })).status).toBe(status)
})

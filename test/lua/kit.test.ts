import { describe, expect, it } from 'vitest'
import { fileLog } from '../../src/plugins/file-log.ts'
import { keyAuth } from '../../src/plugins/key-auth.ts'
import { postFunction } from '../../src/plugins/post-function.ts'
import { preFunction } from '../../src/plugins/pre-function.ts'
import { fakeFiles } from '../logs/fake-outlets.ts'
import { clientRequest, incoming, valuesOf } from '../proxy/fakes.ts'
import { openLua } from './open-lua.ts'

const JSON_TYPE = ['Content-Type', 'application/json']

/** A route with one function in one phase. */
function one(phase: string, code: string, name = 'pre-function') {
  return [{ name, config: { [phase]: [code] } }]
}

const ANN = { id: '11111111-1111-4111-8111-111111111111', username: 'ann', custom_id: 'c-1' }
const consumers = [{ ...ANN, keyauth_credentials: [{ key: 'k' }] }]

describe('kong.client', () => {
  it.each([
    { code: 'kong.client.load_consumer("ann", true).custom_id', gives: 'c-1' },
    { code: `kong.client.load_consumer("${ANN.id}").username`, gives: 'ann' },
    {
      code: 'select(2, pcall(kong.client.load_consumer, "ann"))',
      gives: 'cannot load a consumer with an id that is not a uuid',
    },
    { code: 'tostring((kong.client.load_consumer("bob", true)))', gives: 'nil' },
    {
      code: 'select(2, pcall(kong.client.load_consumer, nil))',
      gives: 'consumer_id must be a string',
    },
    {
      code: 'select(2, pcall(kong.client.authenticate))',
      gives: 'either credential or consumer must be provided',
    },
    {
      code: 'select(2, pcall(kong.client.authenticate, 5))',
      gives: 'consumer must be a table or nil',
    },
  ])('$code', async ({ code, gives }) => {
    const access = `kong.service.request.set_header("X-Out", ${code})`
    const { ask, transport } = await openLua({
      plugins_of_route: one('access', access),
      config: { consumers },
    })
    await ask('/')
    expect(valuesOf(transport.sent[0]?.headers ?? [], 'x-out')).toEqual([gives])
  })

  it('authenticate says who asks, to plugins after and in the log', async () => {
    const files = fakeFiles()
    const access = `
      local ann = kong.client.load_consumer("ann", true)
      kong.client.authenticate(ann, { id = "22222222-2222-4222-8222-222222222222", key = "x" })`
    const after = `
      local who, with = kong.client.get_consumer(), kong.client.get_credential()
      kong.service.request.set_header("X-Who", who.username .. " " .. with.id)`
    const plugins_of_route = [
      ...one('access', access),
      ...one('access', after, 'post-function'),
      { name: 'file-log', config: { path: '/x.log' } },
    ]
    const { ask, transport, close } = await openLua({
      plugins: [preFunction, keyAuth, postFunction, fileLog],
      ...{ plugins_of_route, files, config: { consumers } },
    })
    await ask('/')
    await close()
    const { headers = [] } = transport.sent[0] ?? {}
    expect(valuesOf(headers, 'x-who')).toEqual(['ann 22222222-2222-4222-8222-222222222222'])
    expect(JSON.parse(files.appended[0]?.text ?? '')).toMatchObject({
      consumer: { username: 'ann' },
      authenticated_entity: { id: '22222222-2222-4222-8222-222222222222' },
    })
  })

  it('knows who came by a key', async () => {
    const code = 'kong.service.request.set_header("X-Who", kong.client.get_consumer().username)'
    const { ask, transport } = await openLua({
      plugins_of_route: [{ name: 'key-auth' }, ...one('access', code, 'post-function')],
      config: { consumers },
    })
    await ask('/', { headers: { apikey: 'k' } })
    expect(valuesOf(transport.sent[0]?.headers ?? [], 'x-who')).toEqual(['ann'])
  })
})

describe('kong.log', () => {
  /** What file-log writes after a function. */
  async function logged(phase: string, code: string): Promise<Record<string, unknown>> {
    const files = fakeFiles()
    const { ask, close } = await openLua({
      plugins: [preFunction, fileLog],
      plugins_of_route: [...one(phase, code), { name: 'file-log', config: { path: '/x.log' } }],
      files,
    })
    await ask('/')
    await close()
    return JSON.parse(files.appended[0]?.text ?? '{}')
  }

  it.each([
    { code: 'kong.log.set_serialize_value("a", 1)', shows: { a: 1 } },
    { code: 'kong.log.set_serialize_value("a.b", { 1, "é" })', shows: { a: { b: [1, 'é'] } } },
    {
      code: 'kong.log.set_serialize_value("request.kind", "own")',
      shows: { request: { kind: 'own', method: 'GET', uri: '/' } },
    },
    {
      code: 'kong.log.set_serialize_value("request.method", "X", { mode = "replace" })',
      shows: { request: { method: 'X' } },
    },
    {
      code: 'kong.log.set_serialize_value("request.method", "X", { mode = "add" })',
      shows: { request: { method: 'GET' } },
    },
    {
      code: 'kong.log.set_serialize_value("client_ip.x", 1)',
      shows: { client_ip: '10.0.0.9' },
    },
    {
      code: 'kong.log.set_serialize_value("a.b", 1) kong.log.set_serialize_value("a.c", 2)',
      shows: { a: { b: 1, c: 2 } },
    },
  ])('from the access phase on: $code', async ({ code, shows }) => {
    expect(await logged('access', code)).toMatchObject(shows)
  })

  it.each(['access', 'header_filter', 'log'])('takes a value out in %s', async (phase) => {
    const entry = await logged(phase, 'kong.log.set_serialize_value("request.headers", nil)')
    expect(entry).toHaveProperty('request.uri', '/')
    expect(entry).not.toHaveProperty('request.headers')
  })

  it('shows the record in the log phase alone', async () => {
    const code = `
      local record = kong.log.serialize()
      kong.log.set_serialize_value("said", record.request.uri .. record.response.status)`
    expect(await logged('log', code)).toMatchObject({ said: '/200' })
    const { ask, runtime } = await openLua({ plugins_of_route: one('access', code) })
    expect((await ask('/')).status).toBe(500)
    expect(runtime.lines.join()).toContain(
      'function cannot be called in access phase (only in: log)',
    )
  })
})

describe('the answer of the service', () => {
  const upstream = () =>
    incoming({ body: '{"a":{"b":[1,2]}}', headers: [...JSON_TYPE, 'X-From', 'up'] })

  it.each([
    { code: 'kong.service.response.get_raw_body()', gives: '{"a":{"b":[1,2]}}' },
    { code: 'kong.service.response.get_body().a.b[2]', gives: '2' },
    { code: 'kong.service.response.get_status()', gives: '200' },
    { code: 'kong.service.response.get_header("x-from")', gives: 'up' },
    { code: 'kong.service.response.get_headers()["x-from"]', gives: 'up' },
    { code: 'kong.response.get_header("X-From")', gives: 'up' },
    { code: 'kong.response.get_headers()["x-from"]', gives: 'up' },
    { code: 'kong.response.get_status()', gives: '200' },
  ])('$code', async ({ code, gives }) => {
    const head = `kong.response.set_header("X-Out", ${code})`
    const { ask } = await openLua({ plugins_of_route: one('header_filter', head), upstream })
    const { headers, text } = await ask('/')
    expect([headers.get('x-out'), text]).toEqual([gives, '{"a":{"b":[1,2]}}'])
  })

  it.each([
    { method: 'HEAD', status: 200 },
    { method: 'GET', status: 204 },
  ])('is empty where there is no body ($method, $status)', async ({ method, status }) => {
    const head =
      'kong.response.set_header("X-Out", "<" .. kong.service.response.get_raw_body() .. ">")'
    const { gateway } = await openLua({
      plugins_of_route: one('header_filter', head),
      upstream: () => incoming({ status, headers: JSON_TYPE }),
    })
    const answer = await gateway.handle(clientRequest({ method }))
    expect([answer.status, valuesOf(answer.headers, 'x-out')]).toEqual([status, ['<>']])
  })

  it('was not read where nobody names it', async () => {
    const code = 'local f = kong.service.response["get_raw_" .. "body"] f()'
    const { ask, runtime } = await openLua({
      plugins_of_route: one('header_filter', code),
      upstream,
    })
    expect((await ask('/')).status).toBe(500)
    expect(runtime.lines.join()).toContain('the response body was not read')
  })

  it('is replaced whole, whatever its chunks were', async () => {
    const code = `
      local body = kong.response.get_raw_body()
      if body then kong.response.set_raw_body("<" .. body .. ">") end`
    const { ask } = await openLua({ plugins_of_route: one('body_filter', code), upstream })
    const { status, text } = await ask('/')
    expect([status, text]).toEqual([200, '<{"a":{"b":[1,2]}}>'])
  })

  it('is replaced unread', async () => {
    const code = 'kong.response.set_raw_body("new")'
    const { ask } = await openLua({ plugins_of_route: one('body_filter', code), upstream })
    expect((await ask('/')).text).toBe('new')
  })

  it('has no body to set in its head', async () => {
    const code = 'kong.response.set_raw_body("new")'
    const { ask, runtime } = await openLua({
      plugins_of_route: one('header_filter', code),
      upstream,
    })
    expect((await ask('/')).status).toBe(500)
    expect(runtime.lines.join()).toContain('(only in: body_filter)')
  })
})

it('tells the only protocol of a route, behind whoever ended TLS', async () => {
  const code = 'kong.response.exit(200, kong.client.get_protocol())'
  const route = {
    paths: ['/'],
    protocols: ['https'],
    plugins: [{ name: 'pre-function', config: { access: [code] } }],
  }
  const services = [{ name: 'echo', url: 'http://echo.test', routes: [route] }]
  const { ask } = await openLua({ config: { services }, settings: { trust: ['10.0.0.9'] } })
  const { text } = await ask('/', { headers: { 'X-Forwarded-Proto': 'https' } })
  expect(text).toBe('https')
})

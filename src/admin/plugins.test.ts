import { beforeEach, describe, expect, it } from 'vitest'
import { type Gate, openAdmin } from '../../test/open-admin.ts'
import { definePlugin } from '../pdk/plugin.ts'

const S = '11111111-1111-4111-8111-111111111111'
const P = '22222222-2222-4222-8222-222222222222'
const X = '33333333-3333-4333-8333-333333333333'

const ALLOW = { allow: ['1.1.1.1'] }
let admin: Gate
beforeEach(async () => {
  admin = await openAdmin()
  await admin.json('POST /services', { id: S, name: 's', host: 'h' })
  await admin.json('POST /services/s/routes', { name: 'r', paths: ['/r'] })
  await admin.json('POST /consumers', { username: 'c' })
})

const limit = (config: object = { minute: 5 }) => ({ name: 'rate-limiting', config })

describe('/plugins', () => {
  it.each([
    ['/plugins', {}],
    ['/services/s/plugins', { service: { id: S } }],
    ['/routes/r/plugins', { service: null }],
    ['/consumers/c/plugins', { service: null }],
  ])('creates at %s, and fills in the config', async (path, scope) => {
    const { status, body } = await admin.json(`POST ${path}`, limit())
    expect(status).toBe(201)
    expect(body).toMatchObject({
      ...scope,
      config: { minute: 5, hour: null, policy: 'local', redis: { port: 6379 }, redis_port: 6379 },
      protocols: ['grpc', 'grpcs', 'http', 'https'],
      enabled: true,
    })
    expect((await admin.get(`${path}/${body.id}`)).body).toEqual(body)
  })

  it('types a form by the plugin, the one of the row where none is named', async () => {
    const text = 'name=rate-limiting&config.minute=5&config.redis.port=1&enabled=false'
    const { status, body } = await admin.form('POST /plugins', text)
    expect(status).toBe(201)
    expect(body).toMatchObject({ enabled: false, config: { minute: 5, redis: { port: 1 } } })
    const patched = await admin.form(
      `PATCH /plugins/${body.id}`,
      'config.hour=9&config.fault_tolerant=false',
    )
    expect(patched).toMatchObject({
      status: 200,
      body: { config: { minute: 5, hour: 9, fault_tolerant: false } },
    })
  })

  it('types a form that replaces', async () => {
    const call = `PUT /services/s/plugins/${P}`
    const { status, body } = await admin.form(call, 'name=cors&config.max_age=7&config.origins=*')
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: P, config: { max_age: 7, origins: ['*'] } })
  })

  it('is one of a kind in each scope', async () => {
    await admin.json('POST /services/s/plugins', { ...limit(), instance_name: 'one' })
    const again = { ...limit(), instance_name: 'two', service: { name: 's' } }
    expect(await admin.json('POST /plugins', again)).toMatchObject({
      status: 409,
      body: {
        code: 5,
        message: `UNIQUE violation detected on '{consumer=null,name="rate-limiting",route=null,service={id="${S}"}}'`,
        fields: { name: 'rate-limiting', route: null, service: { id: S }, consumer: null },
      },
    })
    expect((await admin.json('POST /plugins', limit())).status).toBe(201)
  })

  it('is found by its instance name', async () => {
    await admin.json('POST /plugins', { ...limit(), instance_name: 'one' })
    expect((await admin.get('/plugins/one')).body.name).toBe('rate-limiting')
    const made = await admin.json('PUT /plugins/two', { name: 'cors' })
    expect(made).toMatchObject({ status: 200, body: { instance_name: 'two' } })
  })

  it.each([
    ['PATCH', `/plugins/${X}`, 404],
    ['PATCH', '/plugins/none', 404],
    ['GET', `/plugins/${X}`, 404],
    ['PATCH', `/services/s/plugins/${X}`, 404],
  ])('%s %s answers %i, without a code', async (method, path, status) => {
    const reply = await admin.send(method, path)
    expect([reply.status, reply.body]).toEqual([status, { message: 'Not found' }])
  })

  it.each([
    [{}, 'schema violation (name: required field missing)'],
    [{ name: 5 }, 'schema violation (name: expected a string)'],
    [
      { name: 'x' },
      "schema violation (name: plugin 'x' not enabled; add it to the 'plugins' configuration property)",
    ],
    [{ name: 'cors', ordering: null }, 'schema violation (ordering: unknown field)'],
    [{ name: 'cors', consumer: { id: X } }, 'schema violation (consumer: value must be null)'],
    [{ name: 'cors', config: null }, 'schema violation (config: required field missing)'],
  ])('refuses %j', async (input, message) => {
    const reply = await admin.json('POST /plugins', input)
    expect([reply.status, reply.body.code, reply.body.message]).toEqual([400, 2, message])
  })

  it('merges the config of a PATCH, and replaces its lists', async () => {
    const { body } = await admin.json('POST /plugins', {
      name: 'cors',
      config: { origins: ['a', 'b'], max_age: 1 },
    })
    const patched = await admin.json(`PATCH /plugins/${body.id}`, { config: { origins: ['c'] } })
    expect(patched.body.config).toMatchObject({ origins: ['c'], max_age: 1 })
    const kept = await admin.json(`PATCH /plugins/${body.id}`, { config: {} })
    expect(kept.body.config).toEqual(patched.body.config)
  })

  it('goes with what it is for', async () => {
    await admin.json('POST /consumers/c/plugins', limit())
    expect((await admin.send('DELETE', '/consumers/c')).status).toBe(204)
    expect((await admin.get('/plugins')).ids).toEqual([])
  })

  it('leads to what it is for', async () => {
    const { body } = await admin.json('POST /services/s/plugins', limit())
    expect((await admin.get(`/plugins/${body.id}/service`)).body.id).toBe(S)
    expect((await admin.get(`/plugins/${body.id}/route`)).status).toBe(404)
    expect((await admin.get(`/plugins/${body.id}?expand_partials=true`)).status).toBe(200)
  })
})

describe('the protocols of a plugin', () => {
  const OF_ROUTE = "schema violation (protocols: must match the associated route's protocols)"
  const OF_SERVICE =
    "schema violation (protocols: must match the protocols of at least one route pointing to this Plugin's service)"

  it.each([
    [{ route: { name: 'raw' } }, OF_ROUTE],
    [{ service: { name: 'raw' } }, OF_SERVICE],
    [{ route: { name: 'raw' }, protocols: ['tcp', 'http'] }, undefined],
    [{ enabled: false }, undefined],
  ])('are asked of an update as they were kept: %j', async (patch, message) => {
    await admin.json('POST /services', { name: 'raw', host: 'h' })
    const raw = { name: 'raw', protocols: ['tcp'], sources: [{ port: 1 }] }
    await admin.json('POST /services/raw/routes', raw)
    const { body } = await admin.json('POST /plugins', { name: 'ip-restriction', config: ALLOW })
    await admin.json(`PATCH /plugins/${body.id}`, { protocols: ['http'] })
    const reply = await admin.json(`PATCH /plugins/${body.id}`, patch)
    expect([reply.status, reply.body.message]).toEqual([message ? 400 : 200, message])
  })

  it('are not asked of a new one that names none, but of its next change', async () => {
    const raw = { name: 'raw', protocols: ['udp'], sources: [{ port: 1 }] }
    await admin.json('POST /routes', raw)
    const made = await admin.json('POST /routes/raw/plugins', { name: 'key-auth' })
    expect(made.status).toBe(201)
    const reply = await admin.json(`PATCH /plugins/${made.body.id}`, { enabled: false })
    expect([reply.status, reply.body.message]).toEqual([400, OF_ROUTE])
  })
})

describe('what there is', () => {
  it('is listed by name', async () => {
    const names = (await admin.get('/plugins/enabled')).body.enabled_plugins
    expect(names).toHaveLength(45)
    expect(names).toContain('key-auth')
  })

  it('is described whole, and by its config alone', async () => {
    const whole = (await admin.get('/schemas/plugins/key-auth')).body
    const fields = whole.fields as Record<string, { fields?: unknown }>[]
    expect(fields.map((field) => Object.keys(field)[0])).toEqual([
      'consumer',
      'protocols',
      'config',
    ])
    const config = fields.find((field) => field.config !== undefined)?.config
    const alone = await admin.get('/plugins/schema/key-auth')
    expect(alone.body).toEqual({ fields: config?.fields, entity_checks: [] })
    expect(await admin.get('/plugins/schema/nope')).toMatchObject({
      status: 404,
      body: { message: "No plugin named 'nope'" },
    })
  })

  it.each([
    ['/schemas/plugins/validate', { name: 'key-auth' }, 200],
    ['/schemas/plugins/validate', { name: 'key-auth', route: { id: X } }, 200],
    ['/schemas/plugins/validate', { name: 'nope' }, 400],
    ['/schemas/vaults/validate', { name: 'env', prefix: 'my-env', config: { prefix: 'A' } }, 200],
    ['/schemas/vaults/validate', { name: 'nope', prefix: 'my-env' }, 400],
    ['/schemas/keyauth_credentials/validate', { consumer: { id: X, username: 'c' } }, 200],
    ['/schemas/keyauth_credentials/validate', { consumer: { id: X }, ttl: 'x' }, 200],
    ['/schemas/consumers/validate', { username: 'c', ttl: 5 }, 400],
    ['/schemas/workspaces/validate', { name: 'w' }, 200],
    ['/schemas/consumer_group_plugins/validate', {}, 404],
  ])('POST %s of %j answers %i', async (path, input, status) => {
    expect((await admin.json(`POST ${path}`, input)).status).toBe(status)
  })

  it('does not type the text of a form to validate', async () => {
    const text = 'name=rate-limiting&config.minute=5'
    expect((await admin.form('POST /schemas/plugins/validate', text)).body.message).toContain(
      'config.minute: expected a number',
    )
  })

  it.each([
    ['/schemas/vaults/env', 200],
    ['/schemas/vaults/nope', 404],
    ['/schemas/workspaces', 200],
    ['/schemas/tags', 200],
    ['/schemas/filter_chains', 200],
    ['/schemas/key_sets', 200],
    ['/schemas/key-sets', 404],
    ['/schemas/consumer_group_plugins', 404],
  ])('GET %s answers %i', async (path, status) => {
    expect((await admin.get(path)).status).toBe(status)
  })
})

describe('GET /', () => {
  it('tells what is there, what is used, and what does nothing yet', async () => {
    const config = { type: 'record', required: true, fields: {} } as const
    const own = [definePlugin({ name: 'idle', priority: 1, config })]
    const admin = await openAdmin({ own, unimplementedPlugins: 'ignore' })
    await admin.json('POST /services', { name: 's', host: 'h' })
    await admin.json('POST /plugins', { name: 'idle' })
    await admin.json('POST /services/s/plugins', { name: 'idle', enabled: false })
    const { body } = await admin.get('/')
    expect(body.plugins).toMatchObject({
      available_on_server: { 'key-auth': { version: '3.9.3', priority: 1250 } },
      enabled_in_cluster: ['idle'],
    })
    expect(body.configuration).toMatchObject({ loaded_plugins: { cors: true, zipkin: true } })
    expect(body.warnings).toEqual(['Plugin "idle" is enabled, but does nothing yet'])
  })

  it('has nothing to warn of while nothing is enabled', async () => {
    const { body } = await admin.get('/')
    expect(body).not.toHaveProperty('warnings')
    expect(body.plugins).toMatchObject({ enabled_in_cluster: [] })
  })
})

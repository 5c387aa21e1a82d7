import { beforeEach, describe, expect, it } from 'vitest'
import { type Gate, openAdmin } from '../../test/open-admin.ts'
import { CA_CERT, P256_CERT, P256_KEY } from '../lib/keys.fixture.ts'

const X = '11111111-1111-4111-8111-111111111111'
const Y = '22222222-2222-4222-8222-222222222222'

let admin: Gate
beforeEach(async () => {
  admin = await openAdmin()
})

const CONTROL_PLANE =
  'this endpoint is only available when Kong is configured to run as Control Plane for the cluster'
const WASM = 'this endpoint is only available when wasm is enabled'

it.each([
  ['GET', '/cache/services:x', 404, { message: 'Not found' }],
  ['DELETE', '/cache/services:x', 204, {}],
  ['DELETE', '/cache', 204, {}],
  ['GET', '/cache', 405, { message: 'Method not allowed' }],
  ['GET', '/clustering/data-planes', 400, { message: CONTROL_PLANE }],
  ['GET', '/clustering/status', 400, { message: CONTROL_PLANE }],
  ['GET', '/filter-chains', 400, { message: WASM }],
  ['PATCH', `/services/s/filter-chains/${X}`, 400, { message: WASM }],
  ['GET', '/routes/r/filters/enabled', 400, { message: WASM }],
  ['GET', '/status/dns', 501, { message: 'not implemented with the legacy DNS client' }],
  ['GET', '/schemas/plugins/validate', 405, { message: 'Method not allowed' }],
  ['GET', '/schemas/vaults/validate', 405, { message: 'Method not allowed' }],
  ['GET', '/schemas/services/validate', 405, { message: 'Method not allowed' }],
  ['GET', '/schemas/filters/x', 404, { message: "Filter 'x' not found" }],
])('%s %s answers %i', async (method, path, status, body) => {
  const reply = await admin.send(method, path)
  expect([reply.status, reply.body]).toEqual([status, body])
})

it('has the keys of /timers', async () => {
  expect((await admin.get('/timers')).body).toMatchObject({
    worker: { id: 0, count: 1 },
    stats: { flamegraph: {}, sys: {}, timers: {} },
  })
})

it('exposes what it knows to Prometheus', async () => {
  await admin.json('POST /services', { host: 'h' })
  const { status, headers, text } = await admin.get('/metrics')
  expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; charset=UTF-8'])
  expect(text).toContain('# TYPE kong_datastore_reachable gauge\nkong_datastore_reachable 1\n')
  expect(text).toContain('gibbon_config_revision 1\n')
  expect(text.endsWith('\n')).toBe(true)
})

describe('the log level', () => {
  let set: unknown[]
  let leveled: Gate
  beforeEach(async () => {
    set = []
    const logControl = {
      get: () => 'info' as const,
      set: (...order: unknown[]) => void set.push(order),
    }
    leveled = await openAdmin({ logControl })
  })

  it('is shown', async () => {
    expect((await leveled.get('/debug/node/log-level')).body).toEqual({
      message: 'log level: info',
    })
    expect((await admin.get('/debug/node/log-level')).body).toEqual({
      message: 'log level: notice',
    })
    for (const [gate, level] of [
      [leveled, 'info'],
      [admin, 'notice'],
    ] as const) {
      expect((await gate.get('/')).body.configuration).toMatchObject({ log_level: level })
    }
  })

  it.each([
    ['node/log-level/debug', 200, 'log level changed', [['debug', 60]]],
    ['cluster/log-level/debug', 200, 'log level changed', [['debug', 60]]],
    ['node/log-level/debug?timeout=5', 200, 'log level changed', [['debug', 5]]],
    ['node/log-level/debug?timeout=0', 200, 'log level changed', [['debug', 0]]],
    ['node/log-level/debug?timeout=1.2', 200, 'log level changed', [['debug', 2]]],
    ['node/log-level/info', 200, 'log level is already info', []],
    ['node/log-level/foo', 400, 'unknown log level: foo', []],
    ['node/log-level/debug?timeout=-1', 400, 'timeout must be greater than or equal to 0', []],
  ])('PUT /debug/%s answers %i', async (path, status, message, orders) => {
    const reply = await leveled.send('PUT', `/debug/${path}`)
    expect([reply.status, reply.body]).toEqual([status, { message }])
    expect(set).toEqual(orders)
  })

  it('stays where it cannot be changed', async () => {
    expect((await admin.send('PUT', '/debug/node/log-level/debug')).status).toBe(501)
    expect(await admin.send('PUT', '/debug/node/log-level/notice')).toMatchObject({
      status: 200,
      body: { message: 'log level is already notice' },
    })
    const bare = await openAdmin({ database: 'off' })
    expect(await bare.send('PUT', '/debug/node/log-level/debug')).toMatchObject({
      status: 405,
      body: { message: 'cannot change log level when not using a database' },
    })
  })
})

describe('without a database', () => {
  let bare: Gate
  beforeEach(async () => {
    bare = await openAdmin({ database: 'off' })
    await bare.json('POST /config', {
      _format_version: '3.0',
      services: [{ name: 's', host: 'h', routes: [{ name: 'r', paths: ['/'] }] }],
      consumers: [{ username: 'c', keyauth_credentials: [{ key: 'k' }], acls: [{ group: 'g' }] }],
      certificates: [
        { id: X, cert: P256_CERT, key: P256_KEY, snis: [{ name: 'a.test' }] },
        { id: Y, cert: P256_CERT, key: P256_KEY },
      ],
      ca_certificates: [{ id: X, cert: CA_CERT }],
      plugins: [{ name: 'cors' }],
    })
  })
  const when = 'when not using a database'

  it.each([
    ['POST /routes', { paths: ['/'], service: { name: 's' } }, 405, 'create', 'routes'],
    ['POST /services', { name: 's', host: 'h' }, 405, 'create', 'services'],
    ['POST /services/s/routes', { paths: ['/x'] }, 405, 'create', 'routes'],
    ['POST /consumers/c/key-auth', {}, 405, 'create', 'keyauth_credentials'],
    [
      'PUT /services/s/routes/r',
      { paths: ['/x'] },
      405,
      'create or update',
      "routes' entities by 'name",
    ],
    ['PUT /routes/r/service', { host: 'h' }, 405, 'create or update', 'services'],
    ['PATCH /consumers/c', { tags: [] }, 405, 'update', "consumers' entities by 'username"],
    ['DELETE /consumers/c/key-auth/k', {}, 405, 'remove', "keyauth_credentials' entities by 'key"],
    ['POST /plugins', { name: 'cors' }, 405, 'create', 'plugins'],
    ['PUT /consumers/c/acls/g', {}, 405, 'create or update', 'acls'],
    ['PUT /consumers/c/acls/new', {}, 405, 'create or update', 'acls'],
    ['PATCH /consumers/c/acls/g', {}, 405, 'update', 'acls'],
    ['DELETE /consumers/c/acls/g', {}, 405, 'remove', 'acls'],
    ['DELETE /certificates/a.test', {}, 405, 'remove', "snis' entities by 'name"],
    [`DELETE /certificates/${X}`, {}, 405, 'remove', "snis' entities by 'name"],
    [`DELETE /certificates/${Y}`, {}, 405, 'remove', 'certificates'],
    [`DELETE /ca_certificates/${X}`, {}, 405, 'remove', 'ca_certificates'],
    ['DELETE /services/s', {}, 405, 'remove', "services' entities by 'name"],
  ])('%s of %j is refused', async (call, input, status, verb, entity) => {
    const { body, ...reply } = await bare.json(call, input)
    const text = entity.includes("'") ? `'${entity}' ${when}` : `'${entity}' entities ${when}`
    expect([reply.status, body.code, body.message]).toEqual([status, 12, `cannot ${verb} ${text}`])
  })

  it('tells who trusts an authority before it refuses to let it go', async () => {
    await bare.json('POST /config', {
      _format_version: '3.0',
      ca_certificates: [{ id: X, cert: CA_CERT }],
      services: [{ id: Y, host: 'h', protocol: 'https', ca_certificates: [X] }],
    })
    const { status, body } = await bare.send('DELETE', `/ca_certificates/${X}`)
    expect([status, body.code, body.message]).toEqual([
      400,
      19,
      `ca certificate ${X} is still referenced by services (id = ${Y})`,
    ])
  })

  it.each([
    ['POST /routes', { paths: ['/'], service: { name: 'none' } }, 400, 13],
    ['POST /plugins', { name: 'cors', config: { max_age: 'x' } }, 400, 2],
    ['POST /consumers/none/key-auth', {}, 404, undefined],
    [`PATCH /services/${X}`, {}, 404, 6],
    ['PATCH /plugins/none', {}, 404, undefined],
    ['DELETE /services/none', {}, 204, undefined],
    ['POST /services', { host: 'h', x: 1 }, 400, 2],
  ])('%s of %j answers %i all the same', async (call, input, status, code) => {
    const { status: answered, body } = await bare.json(call, input)
    expect([answered, body.code]).toEqual([status, code])
  })
})

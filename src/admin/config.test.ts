import { beforeEach, describe, expect, it } from 'vitest'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import { type Gate, openAdmin } from '../../test/open-admin.ts'
import { md5Hex } from '../lib/md5.ts'
import type { Store } from '../ports/store.ts'

let admin: Gate
beforeEach(async () => {
  admin = await openAdmin({ database: 'off' })
})

const ID = '11111111-1111-4111-8111-111111111111'
const YAML = `_format_version: "3.0"\nservices:\n- {id: ${ID}, name: s, host: h.test}\n`
const DOCUMENT = { _format_version: '3.0', services: [{ id: ID, name: 's', host: 'h.test' }] }
const hashOf = async () => (await admin.get('/status')).body.configuration_hash

describe('POST /config', () => {
  it.each([
    ['YAML', YAML, 'text/yaml'],
    ['YAML in JSON', JSON.stringify({ config: YAML }), 'application/json'],
    ['JSON in JSON', JSON.stringify({ config: JSON.stringify(DOCUMENT) }), 'application/json'],
    ['JSON', JSON.stringify(DOCUMENT), 'application/json'],
    ['a form', `config=${encodeURIComponent(YAML)}`, 'application/x-www-form-urlencoded'],
  ])('takes %s', async (_name, body, type) => {
    const reply = await admin.send('POST', '/config', body, type)
    expect(reply.status).toBe(201)
    expect(reply.body).toMatchObject({ services: { [ID]: { name: 's', retries: 5 } } })
    expect((await admin.get('/services')).ids).toEqual([ID])
  })

  it('replaces all there was', async () => {
    await admin.send('POST', '/config', YAML, 'text/yaml')
    const empty = await admin.json('POST /config', { _format_version: '3.0' })
    expect([empty.status, empty.text]).toEqual([201, '{}'])
    expect((await admin.get('/services')).ids).toEqual([])
  })

  it.each([
    ['nothing', undefined, undefined, 'expected a declarative configuration'],
    ['empty YAML', '', 'text/yaml', 'expected a declarative configuration'],
    [
      'text that is none',
      '{"config":5}',
      'application/json',
      'expected a declarative configuration',
    ],
    [
      'an empty object',
      '{}',
      'application/json',
      'declarative config is invalid: {_format_version="required field missing"}',
    ],
    [
      'a document without its version',
      '{"services":[{"name":"s"}]}',
      'application/json',
      'declarative config is invalid: {_format_version="required field missing",services={{host="required field missing"}}}',
    ],
    [
      'a form without it',
      'a=b',
      'application/x-www-form-urlencoded',
      'declarative config is invalid: {error="failed parsing declarative configuration: expected an object"}',
    ],
    [
      'a scalar',
      'x',
      'text/yaml',
      'declarative config is invalid: {error="failed parsing declarative configuration: expected an object"}',
    ],
    [
      'a list',
      '[]',
      'text/yaml',
      'declarative config is invalid: {error="failed parsing declarative configuration: expected an object"}',
    ],
  ])('refuses %s', async (_name, body, type, message) => {
    const reply = await admin.send('POST', '/config', body, type)
    expect([reply.status, reply.body.message]).toEqual([400, message])
  })

  it('changes nothing when anything is wrong, and flattens on demand', async () => {
    await admin.send('POST', '/config', YAML, 'text/yaml')
    const bad = { _format_version: '3.0', services: [{ name: 'x' }] }
    const tree = await admin.json('POST /config', bad)
    expect(tree).toMatchObject({
      status: 400,
      body: { code: 14, fields: { services: [{ host: 'required field missing' }] } },
    })
    const flat = await admin.json('POST /config?flatten_errors=1', bad)
    expect(flat.body.flattened_errors).toMatchObject([
      { entity_type: 'service', entity_name: 'x', errors: [{ field: 'host', type: 'field' }] },
    ])
    expect((await admin.get('/services')).ids).toEqual([ID])
  })

  it.each(['=1', '=true', '=On', '=YES', ''])('flattens by ?flatten_errors%s', async (value) => {
    const bad = { _format_version: '3.0', services: [{ name: 'x' }] }
    const { body } = await admin.json(`POST /config?flatten_errors${value}`, bad)
    expect(body.flattened_errors).toHaveLength(1)
  })

  it('tells the same text by its hash', async () => {
    expect(await hashOf()).toBe('0'.repeat(32))
    await admin.send('POST', '/config?check_hash=1', YAML, 'text/yaml')
    expect(await hashOf()).toBe(md5Hex(YAML))
    const same = await admin.send('POST', '/config?check_hash=1', YAML, 'text/yaml')
    expect([same.status, same.text]).toEqual([304, ''])
    expect((await admin.send('POST', '/config', YAML, 'text/yaml')).status).toBe(201)
    await admin.json('POST /config?check_hash=1', DOCUMENT)
    expect((await admin.json('POST /config?check_hash=1', DOCUMENT)).status).toBe(201)
  })
})

it('tells the hash of whoever loaded it, and none of a document without entities', async () => {
  const store = createMemoryStore()
  const [one, other] = [await openOff(store), () => openOff(store)]
  await one.json('POST /config', { config: YAML })
  const asked = await (await other()).send('POST', '/config?check_hash=1', YAML, 'text/yaml')
  expect(asked.status).toBe(304)
  await one.json('POST /config', { config: `${YAML}# the same\n` })
  const { body } = await (await other()).get('/status')
  expect(body.configuration_hash).toBe(md5Hex(`${YAML}# the same\n`))
  const empty = { config: '_format_version: "3.0"\nservices: []' }
  for (const _time of ['first', 'again']) {
    expect((await one.json('POST /config?check_hash=1', empty)).status).toBe(201)
    const { body } = await (await other()).get('/status')
    expect(body.configuration_hash).toBe('0'.repeat(32))
  }
})

const openOff = (store: Store) => openAdmin({ database: 'off', store })

it('shows the whole in a document that loads again', async () => {
  await admin.send('POST', '/config', YAML, 'text/yaml')
  const { body } = await admin.get('/config')
  expect(body.config).toContain("_format_version: '3.0'")
  expect((await admin.json('POST /config', body)).status).toBe(201)
})

it.each([
  ['POST /services', {}, 400, 'schema violation (host: required field missing)'],
  [
    'POST /services',
    { host: 'h' },
    405,
    "cannot create 'services' entities when not using a database",
  ],
  [
    `PUT /services/${ID}`,
    { host: 'h' },
    405,
    "cannot create or update 'services' entities when not using a database",
  ],
  [
    'PUT /services/s',
    { host: 'h' },
    405,
    "cannot create or update 'services' entities by 'name' when not using a database",
  ],
  [`PATCH /services/${ID}`, {}, 405, "cannot update 'services' entities when not using a database"],
  ['PATCH /services/s', { retries: 'x' }, 400, 'schema violation (retries: expected an integer)'],
  ['PATCH /services/none', {}, 404, `could not find the entity with '{name="none"}'`],
  [
    'DELETE /services/s',
    {},
    405,
    "cannot remove 'services' entities by 'name' when not using a database",
  ],
  ['DELETE /services/none', {}, 204, undefined],
])('without a database, %s of %j is refused', async (call, input, status, message) => {
  await admin.send('POST', '/config', YAML, 'text/yaml')
  const reply = await admin.json(call, input)
  expect([reply.status, reply.body.message]).toEqual([status, message])
})

it.each(['GET', 'POST'])('with a database, %s /config is refused', async (method) => {
  const reply = await (await openAdmin()).send(method, '/config')
  expect([reply.status, reply.body.message]).toEqual([
    400,
    'this endpoint is only available when Kong is configured to not use a database',
  ])
})

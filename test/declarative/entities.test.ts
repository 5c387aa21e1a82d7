import { describe, expect, it } from 'vitest'
import { readDeclarative } from '../../src/declarative/read.ts'
import { P256_CERT, P256_KEY } from '../../src/lib/keys.fixture.ts'
import { isUuid, uuidV5 } from '../../src/lib/uuid.ts'
import type { Entity } from '../../src/schema/entity.ts'
import { EntityError, entityErrors } from '../../src/schema/entity-error.ts'
import { allEntities } from '../entities.ts'

const given = '8d5bd0a3-6d3e-4d7c-9d4f-0f0f0f0f0f0f'

interface How {
  readonly flatten?: boolean
  readonly entities?: readonly Entity[]
}

async function read(document: object, { flatten = false, entities = allEntities }: How = {}) {
  const newId = () => crypto.randomUUID()
  const context = { now: 1795212381759, newId, secret: () => 'made-up' }
  const whole = { _format_version: '3.0', ...document }
  return (await readDeclarative(whole, { entities, context, flatten })).rows
}

async function refusal(document: object, how: How = {}) {
  try {
    await read(document, how)
  } catch (error) {
    if (error instanceof EntityError) return JSON.parse(JSON.stringify(error.toBody()))
    throw error
  }
  throw new Error('Cannot find a refusal')
}

const derived = (table: string, name: string) =>
  uuidV5(uuidV5('fd02801f-0957-4a15-a55a-c8d9606f30b5', table), name)

const consumerId = derived('consumers', 'c')
const serviceId = derived('services', 's')
const setId = derived('key_sets', 'set')

describe('ids of a file’s entities', () => {
  it.each<[string, object, string, string]>([
    ['a plugin for all', { plugins: [{ name: 'cors' }] }, 'plugins', 'plugins:*:cors:::'],
    [
      'a plugin under a service',
      { services: [{ name: 's', host: 'h', plugins: [{ name: 'cors' }] }] },
      'plugins',
      `plugins:*:cors::${serviceId}:`,
    ],
    [
      'a plugin under a route, its references as text',
      {
        services: [{ name: 's', host: 'h' }],
        routes: [{ name: 'r', paths: ['/'] }],
        consumers: [{ username: 'c' }],
        plugins: [
          { name: 'rate-limiting', config: { minute: 1 }, route: 'r', service: 's', consumer: 'c' },
        ],
      },
      'plugins',
      'plugins:*:rate-limiting:r:s:c',
    ],
    [
      'a plugin with empty references',
      { plugins: [{ name: 'cors', route: null, service: null }] },
      'plugins',
      'plugins:*:cors:',
    ],
    [
      'a plugin under a service, with an empty reference to it',
      { services: [{ name: 's', host: 'h', plugins: [{ name: 'cors', service: null }] }] },
      'plugins',
      `plugins:*:cors::${serviceId}:`,
    ],
    [
      'an acl',
      { consumers: [{ username: 'c', acls: [{ group: 'gold' }] }] },
      'acls',
      `acls:*:${consumerId}:gold`,
    ],
    [
      'a basic-auth credential',
      { consumers: [{ username: 'c', basicauth_credentials: [{ username: 'u', password: 'p' }] }] },
      'basicauth_credentials',
      'basicauth_credentials:*:u',
    ],
    [
      'a key in a set',
      { key_sets: [{ name: 'set', keys: [{ kid: '1', jwk: '{vault://env/k}' }] }] },
      'keys',
      `keys:*:1:${setId}`,
    ],
    ['a vault', { vaults: [{ prefix: 'my-env', name: 'env' }] }, 'vaults', 'vaults:*:my-env'],
    ['a key set', { key_sets: [{ name: 'set' }] }, 'key_sets', 'set'],
    [
      'an sni',
      { certificates: [{ cert: P256_CERT, key: P256_KEY, snis: [{ name: 'a.test' }] }] },
      'snis',
      'a.test',
    ],
  ])('derive from what names %s', async (_what, document, table, name) => {
    expect((await read(document))[table]?.[0]?.id).toBe(derived(table, name))
  })

  it.each<[string, object]>([
    ['keyauth_credentials', { key: 'k' }],
    ['jwt_secrets', { key: 'k', secret: 's' }],
    ['oauth2_credentials', { name: 'a', client_id: 'i', client_secret: 's' }],
  ])('are new each time for %s, whose key may be made up', async (table, credential) => {
    const document = { consumers: [{ username: 'c', [table]: [credential] }] }
    const [first, second] = await Promise.all([read(document), read(document)])
    const [a, b] = [first[table]?.[0]?.id ?? '', second[table]?.[0]?.id ?? '']
    expect([isUuid(a), isUuid(b), a === b]).toEqual([true, true, false])
  })
})

describe('plugins of a file', () => {
  it('take their config by its schema', async () => {
    const { plugins } = await read({ plugins: [{ name: 'key-auth', enabled: false }] })
    expect(plugins?.[0]).toMatchObject({ config: { key_names: ['apikey'] }, consumer: null })
  })

  it('may be for other protocols than their route: Kong asks that of the Admin API alone', async () => {
    const route = { name: 'r', paths: ['/'], protocols: ['http'] }
    const plugins = [{ name: 'cors', protocols: ['grpc'] }]
    const rows = await read({ routes: [{ ...route, plugins }] })
    expect(rows.plugins).toMatchObject([{ name: 'cors', protocols: ['grpc'] }])
  })

  it('know old names of fields', async () => {
    const config = { minute: 1, policy: 'redis', redis_host: 'h' }
    const { plugins } = await read({ plugins: [{ name: 'rate-limiting', config }] })
    expect(plugins?.[0]).toMatchObject({ config: { redis: { host: 'h' } } })
  })

  it.each<[object, object]>([
    [
      { plugins: [{ name: 'nope' }] },
      {
        plugins: [
          { name: "plugin 'nope' not enabled; add it to the 'plugins' configuration property" },
        ],
      },
    ],
    [
      { plugins: [{ name: 'rate-limiting', config: { minute: 'x' } }] },
      { plugins: [expect.objectContaining({ config: { minute: 'expected a number' } })] },
    ],
    [
      { plugins: [{ name: 'cors', service: 'nope', instance_name: 'mine' }] },
      { plugins: { mine: ["invalid reference 'service: nope' (no such entry in 'services')"] } },
    ],
    [
      { plugins: [{ name: 'cors' }, { name: 'cors' }] },
      {
        plugins: [
          null,
          `uniqueness violation: 'plugins' entity with primary key set to '${derived('plugins', 'plugins:*:cors:::')}' already declared`,
        ],
      },
    ],
    [
      { plugins: [{ name: 'cors' }, { name: 'cors', id: given }] },
      {
        plugins: [
          null,
          "uniqueness violation: 'plugins' entity with name, route, service, consumer set to 'cors, , , ' already declared",
        ],
      },
    ],
  ])('refuses %j', async (document, fields) => {
    expect((await refusal(document)).fields).toEqual(fields)
  })
})

describe('entities of a file', () => {
  it('hold their children, and these theirs', async () => {
    const rows = await read({
      consumers: [
        { username: 'c', oauth2_credentials: [{ name: 'a', oauth2_tokens: [{ expires_in: 5 }] }] },
      ],
    })
    const credential = rows.oauth2_credentials?.[0]
    expect(credential).toMatchObject({ consumer: { id: consumerId } })
    expect(rows.oauth2_tokens).toMatchObject([{ credential: { id: credential?.id } }])
  })

  it('name the snis of a certificate as entities, not as texts', async () => {
    const certificate = { cert: P256_CERT, key: P256_KEY }
    const rows = await read({
      certificates: [{ ...certificate, snis: [{ name: 'a.test', tags: ['t'] }] }],
    })
    expect(rows.snis).toMatchObject([
      { name: 'a.test', tags: ['t'], certificate: { id: rows.certificates?.[0]?.id } },
    ])
    const { fields } = await refusal({ certificates: [{ ...certificate, snis: ['a.test'] }] })
    expect(fields).toEqual({ certificates: [{ snis: ['expected a record'] }] })
  })

  it('are found by an id in any case', async () => {
    const { routes } = await read({
      services: [{ id: given, host: 'h' }],
      routes: [{ paths: ['/'], service: given.toUpperCase() }],
    })
    expect(routes).toMatchObject([{ service: { id: given } }])
  })

  it.each<[object, object]>([
    [
      {
        consumers: [
          { username: 'a', custom_id: 'x' },
          { username: 'b', custom_id: 'x' },
        ],
      },
      {
        consumers: {
          b: "uniqueness violation: 'consumers' entity with custom_id set to 'x' already declared",
        },
      },
    ],
    [
      { consumers: [{ username: 'c', acls: [{ group: 'g' }, { group: 'g' }] }] },
      {
        consumers: [
          {
            acls: [
              null,
              `uniqueness violation: 'acls' entity with primary key set to '${derived('acls', `acls:*:${consumerId}:g`)}' already declared`,
            ],
          },
        ],
      },
    ],
    [
      { consumers: [{ username: 'c', keyauth_credentials: [{ key: 'k', ttl: 'x' }] }] },
      { consumers: [{ keyauth_credentials: [{ ttl: 'expected an integer' }] }] },
    ],
    [{ acls: [{ group: 'g' }] }, { acls: [{ consumer: 'required field missing' }] }],
    [{ tags: [{ tag: 't' }] }, { tags: 'unknown field' }],
  ])('are refused: %j', async (document, fields) => {
    expect((await refusal(document)).fields).toEqual(fields)
  })

  it('are told of one by one, children first, by what they are', async () => {
    const consumers = [
      {
        username: 'c',
        id: given,
        tags: ['k8s-name:x'],
        custom_id: 5,
        keyauth_credentials: [{ key: 5 }],
      },
    ]
    const body = await refusal({ consumers, ca_certificates: [{}] }, { flatten: true })
    expect(body.fields).toEqual({})
    expect(body.flattened_errors).toEqual([
      {
        entity_type: 'keyauth_credential',
        entity: { key: 5, consumer: { id: given } },
        errors: [{ type: 'field', field: 'key', message: 'expected a string' }],
      },
      {
        entity_type: 'consumer',
        entity_id: given,
        entity_tags: ['k8s-name:x'],
        entity: { username: 'c', id: given, tags: ['k8s-name:x'], custom_id: 5 },
        errors: [{ type: 'field', field: 'custom_id', message: 'expected a string' }],
      },
      {
        entity_type: 'ca_certificate',
        entity: {},
        errors: [{ type: 'field', field: 'cert', message: 'required field missing' }],
      },
    ])
  })
})

describe('the last steps of a row', () => {
  let under = 0
  let most = 0
  const thing: Entity = {
    name: 'things',
    endpointKey: 'name',
    fields: {
      id: { type: 'string', uuid: true, auto: true },
      name: { type: 'string', required: true, unique: true },
    },
    async finish(row) {
      most = Math.max(most, ++under)
      await Promise.resolve()
      under--
      if (row.name === 'bad') throw entityErrors.schemaViolation({ name: 'is bad' })
      if (row.name === 'bug') throw new Error('a bug')
      return { ...row, name: `${row.name}!` }
    },
    relate: () => ({ name: 'is not asked of files' }),
  }
  const entities = [thing]

  it('are taken a few at a time', async () => {
    const things = Array.from({ length: 100 }, (_, i) => ({ name: `t${i}` }))
    const rows = await read({ things }, { entities })
    expect(rows.things?.map(({ name }) => name)).toEqual(things.map(({ name }) => `${name}!`))
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(16)
  })

  it('tell what they refuse with all else that is wrong', async () => {
    const things = [{ name: 'bad' }, { name: 5 }, { name: 'n' }]
    expect((await refusal({ things }, { entities })).fields).toEqual({
      things: [{ name: 'is bad' }, { name: 'expected a string' }],
    })
  })

  it('are left out of a file that says they were taken', async () => {
    const rows = await read({ _transform: false, things: [{ name: 'bad' }] }, { entities })
    expect(rows.things).toMatchObject([{ name: 'bad' }])
  })

  it('do not hide a bug', async () => {
    await expect(read({ things: [{ name: 'bug' }] }, { entities })).rejects.toThrow('a bug')
  })
})

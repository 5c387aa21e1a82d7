import { describe, expect, it } from 'vitest'
import { defineEntity, type Subschema } from './entity.ts'
import type { EntityCheck, Field } from './field.ts'
import { inferEntity } from './infer.ts'
import { showRow } from './shown.ts'
import { rowForInsert, rowForUpdate, rowForUpsert, validateOnly } from './validate.ts'

const redis: Field = {
  type: 'record',
  required: true,
  fields: {
    host: { type: 'string' },
    port: { type: 'integer', default: 6379, between: [0, 65535] },
    password: { type: 'string', len_min: 0, referenceable: true },
  },
}

const needsHost: EntityCheck = {
  conditional: {
    if_field: 'config.policy',
    if_match: { eq: 'redis' },
    then_field: 'config.redis.host',
    then_match: { required: true },
  },
}

const limit: Subschema = {
  fields: {
    consumer: { type: 'foreign', reference: 'consumers', eq: null },
    config: {
      type: 'record',
      required: true,
      shorthand_fields: {
        redis_host: {
          type: 'string',
          deprecation: { replaced_with: [{ path: ['redis', 'host'] }] },
        },
        redis_port: {
          type: 'integer',
          deprecation: { replaced_with: [{ path: ['redis', 'port'] }] },
        },
      },
      fields: {
        minute: { type: 'number', gt: 0 },
        hour: { type: 'number', gt: 0 },
        policy: { type: 'string', default: 'local', one_of: ['local', 'redis'] },
        codes: { type: 'array', default: [429], elements: { type: 'integer' } },
        provision_key: { type: 'string', required: true, auto: true },
        redis,
      },
    },
  },
  entityChecks: [{ at_least_one_of: ['config.minute', 'config.hour'] }, needsHost],
}

const log: Subschema = {
  fields: {
    config: {
      type: 'record',
      required: true,
      entity_checks: [{ at_least_one_of: ['traces', 'logs'] }],
      fields: {
        traces: { type: 'string' },
        logs: { type: 'string', default: 'on' },
        queue: {
          type: 'record',
          required: true,
          default: { size: 200 },
          fields: {
            size: { type: 'integer', default: 1 },
            delay: { type: 'number', default: 3 },
            bytes: { type: 'integer' },
          },
        },
        auth: { type: 'record', fields: { user: { type: 'string', default: 'me' } } },
        metrics: {
          type: 'array',
          elements: {
            type: 'record',
            entity_checks: [{ mutually_required: ['name', 'rate'] }],
            fields: {
              name: { type: 'string', default: 'all' },
              rate: { type: 'number', default: 1 },
              inner: { type: 'record', required: true, fields: { on: { type: 'boolean' } } },
            },
          },
        },
        limits: {
          type: 'map',
          keys: { type: 'string' },
          values: {
            type: 'record',
            entity_checks: [{ at_least_one_of: ['second', 'hour'] }],
            fields: { second: { type: 'number' }, hour: { type: 'number' } },
          },
        },
      },
    },
  },
}

const kinds = new Map([
  ['limit', limit],
  ['log', log],
])

const plugin = defineEntity({
  name: 'plugins',
  fields: {
    id: { type: 'string', uuid: true, auto: true },
    name: { type: 'string', required: true },
    consumer: { type: 'foreign', reference: 'consumers', default: null },
    config: { type: 'record', abstract: true },
    enabled: { type: 'boolean', required: true, default: true },
  },
  shorthands: { disabled: { field: { type: 'boolean' }, expand: (off) => ({ enabled: !off }) } },
  subschema: {
    key: 'name',
    find: (value) => (typeof value === 'string' ? kinds.get(value) : undefined),
    unknown: (value) => `plugin '${value}' not enabled`,
  },
})

const id = 'a0000000-0000-4000-8000-000000000001'
const context = { now: 0, newId: () => id, secret: () => 'sesame' }
const insert = (input: unknown) => rowForInsert(plugin, input, context)

const limited = {
  minute: 5,
  hour: null,
  policy: 'local',
  codes: [429],
  provision_key: 'sesame',
  redis: { host: null, port: 6379, password: null },
}
const logged = {
  traces: null,
  logs: 'on',
  queue: { size: 200, delay: 3, bytes: null },
  auth: null,
  metrics: null,
  limits: null,
}

describe('a row of a kind', () => {
  it.each([
    ['limit', { minute: 5 }, limited],
    ['limit', { minute: 5, redis: {} }, limited],
    ['limit', { minute: 5, redis: [] }, limited],
    [
      'limit',
      { minute: 5, redis_host: 'h', redis_port: 7 },
      { ...limited, redis: { host: 'h', port: 7, password: null } },
    ],
    ['limit', { minute: 5, provision_key: 'mine' }, { ...limited, provision_key: 'mine' }],
    ['log', undefined, logged],
    ['log', {}, logged],
    ['log', { queue: { delay: 9 } }, { ...logged, queue: { size: 1, delay: 9, bytes: null } }],
    ['log', { auth: {} }, { ...logged, auth: { user: 'me' } }],
    ['log', { auth: null }, logged],
    [
      'log',
      { metrics: [{ rate: 2 }, {}] },
      {
        ...logged,
        metrics: [
          { name: 'all', rate: 2, inner: { on: null } },
          { name: 'all', rate: 1, inner: { on: null } },
        ],
      },
    ],
    // decK knows no records within maps: they stay as sent.
    ['log', { limits: { a: { hour: 1 } } }, { ...logged, limits: { a: { hour: 1 } } }],
  ])('%s with %j is filled at every depth', (name, config, expected) => {
    const sent = config === undefined ? { name } : { name, config }
    expect(insert(sent).config).toEqual(expected)
    expect(rowForUpsert(plugin, { id, ...sent }, context).config).toEqual(expected)
  })

  const ofWhole = (text: string) => ({ '@entity': [text] })
  const none = "at least one of these fields must be non-empty: 'config.minute', 'config.hour'"

  it.each([
    ['a kind that is missing', { config: 5 }, { name: 'required field missing' }],
    ['one of null', { name: null, consumer: 5 }, { name: 'required field missing' }],
    ['one of the wrong type', { name: 5, config: 5 }, { name: 'expected a string' }],
    ['one unknown', { name: 'x', config: 5, nope: 1 }, { name: "plugin 'x' not enabled" }],
    [
      'a config of null',
      { name: 'limit', config: null },
      { ...ofWhole(none), config: 'required field missing' },
    ],
    ['a config that is none', { name: 'log', config: 5 }, { config: 'expected a record' }],
    [
      'a required record of null',
      { name: 'limit', config: { minute: 1, redis: null } },
      { config: { redis: 'required field missing' } },
    ],
    [
      'an auto field of null',
      { name: 'limit', config: { minute: 1, provision_key: null } },
      { config: { provision_key: 'required field missing' } },
    ],
    [
      'a scope it forbids',
      { name: 'limit', config: { minute: 1 }, consumer: { id } },
      { consumer: 'value must be null' },
    ],
    [
      'a condition further in',
      { name: 'limit', config: { minute: 1, policy: 'redis' } },
      {
        ...ofWhole("failed conditional validation given value of field 'config.policy'"),
        config: { redis: { host: 'required field missing' } },
      },
    ],
    [
      'a condition on what is no record',
      { name: 'limit', config: { minute: 1, policy: 'redis', redis: 5 } },
      {
        ...ofWhole("failed conditional validation given value of field 'config.policy'"),
        config: { redis: 'expected a record' },
      },
    ],
    [
      'a shorthand of the wrong type, before all else',
      { name: 'limit', config: { redis_host: 5, nope: 1 } },
      { redis_host: 'expected a string' },
    ],
    [
      'a shorthand of the whole, before all else',
      { name: 'x', disabled: 5 },
      { disabled: 'expected a boolean' },
    ],
    [
      "a record's rule over its fields",
      { name: 'log', config: { logs: null } },
      { config: ofWhole("at least one of these fields must be non-empty: 'traces', 'logs'") },
    ],
    [
      'a rule over the fields of an element',
      { name: 'log', config: { metrics: [{}, { rate: null }] } },
      {
        config: {
          metrics: [null, ofWhole("all or none of these fields must be set: 'name', 'rate'")],
        },
      },
    ],
    [
      'a rule over the fields of a map value',
      { name: 'log', config: { limits: { a: { hour: 1 }, b: {} } } },
      {
        config: {
          limits: ofWhole("at least one of these fields must be non-empty: 'second', 'hour'"),
        },
      },
    ],
  ])('refuses %s', (_what, input, fields) => {
    expect(() => insert(input)).toThrow(expect.objectContaining({ code: 2, fields }))
    expect(() => validateOnly(plugin, input, context)).toThrow(expect.objectContaining({ fields }))
  })

  it('prints rules over nested fields as Kong does', () => {
    expect(() =>
      insert({ name: 'log', config: { logs: null, metrics: [{ rate: null }] } }),
    ).toThrow(
      '2 schema violations (' +
        `config.@entity: {\n  "at least one of these fields must be non-empty: 'traces', 'logs'"\n}; ` +
        'config.metrics: {\n  {\n    ["@entity"] = {\n' +
        `      "all or none of these fields must be set: 'name', 'rate'"\n    }\n  }\n})`,
    )
  })

  it('hints at the field that was meant, kinds and shorthands included', () => {
    const hintOf = (input: unknown) => {
      try {
        insert(input)
      } catch (error) {
        return error instanceof Error && 'hint' in error ? error.hint : error
      }
      return 'no refusal'
    }
    expect(hintOf({ name: 'limit', config: { minuet: 1 } })).toBe("did you mean 'minute'")
    expect(hintOf({ name: 'limit', config: { minute: 1, redis_hst: 'h' } })).toBe(
      "did you mean 'redis_host'",
    )
    expect(hintOf({ name: 'log', disbled: true })).toBe("did you mean 'disabled'")
    expect(hintOf({ name: 'log', enabled: 5 })).toBeUndefined()
  })

  it('takes back what a read shows', () => {
    const row = insert({ name: 'limit', config: { minute: 5, redis_host: 'h' } })
    const shown = showRow(plugin, row)
    expect(shown.config).toMatchObject({ redis_host: 'h', redis_port: 6379 })
    expect(rowForUpsert(plugin, shown, context)).toEqual(row)
    expect(rowForUpdate(plugin, row, shown, context)).toEqual(row)
  })

  it('takes a reference to a vault for any string that may be one', () => {
    const password = '{vault://env/redis-password}'
    const input = { name: 'limit', config: { minute: 1, redis: { password } } }
    expect(insert(input).config).toMatchObject({ redis: { password } })
  })
})

describe('a change of a row of a kind', () => {
  const row = insert({ name: 'limit', config: { minute: 5, codes: [1, 2], redis: { host: 'h' } } })
  const patched = (patch: unknown) => rowForUpdate(plugin, row, patch, context).config
  const before = { ...limited, codes: [1, 2], redis: { host: 'h', port: 6379, password: null } }

  it.each([
    ['nothing', {}, before],
    ['an empty config', { config: {} }, before],
    ['an empty list for it', { config: [] }, before],
    ['one member', { config: { hour: 9 } }, { ...before, hour: 9 }],
    [
      'a member further in',
      { config: { redis: { port: 1 } } },
      { ...before, redis: { ...before.redis, port: 1 } },
    ],
    ['a list', { config: { codes: [3] } }, { ...before, codes: [3] }],
    [
      'a shorthand',
      { config: { redis_host: 'i' } },
      { ...before, redis: { ...before.redis, host: 'i' } },
    ],
    [
      'a shorthand of null',
      { config: { redis_host: null } },
      { ...before, redis: { ...before.redis, host: null } },
    ],
    ['the same name', { name: 'limit', config: { minute: 6 } }, { ...before, minute: 6 }],
  ])('with %s', (_what, patch, expected) => {
    expect(patched(patch)).toEqual(expected)
  })

  it.each([
    [{ config: null }, 'schema violation (config: required field missing)'],
    [{ name: null }, 'schema violation (name: required field missing)'],
    [
      { config: { minute: null } },
      "when updating, at least one of these fields must be non-empty: 'config.minute', 'config.hour'",
    ],
    [
      { config: { redis_host: 'a', redis: { host: 'b' } } },
      'redis_host: both deprecated and new field are used but their values mismatch: redis_host = a vs redis.host = b',
    ],
    [
      { name: 'log' },
      'schema violations (config.codes: unknown field; config.hour: unknown field; config.minute: unknown field; config.policy: unknown field; config.provision_key: unknown field; config.redis: unknown field)',
    ],
    [{ name: 'other' }, "schema violation (name: plugin 'other' not enabled)"],
  ])('refuses %j', (patch, text) => {
    expect(() => patched(patch)).toThrow(text)
  })

  it('says of nested rules too that it is a change', () => {
    const logging = insert({ name: 'log' })
    expect(() => rowForUpdate(plugin, logging, { config: { logs: null } }, context)).toThrow(
      "when updating, at least one of these fields must be non-empty: 'traces', 'logs'",
    )
  })
})

describe('inferEntity', () => {
  const current = insert({ name: 'limit', config: { minute: 5 } })

  it.each([
    [
      { name: 'limit', config: { minute: '5', redis_port: '7', redis: { port: '8' }, codes: '1' } },
      undefined,
      { name: 'limit', config: { minute: 5, redis_port: 7, redis: { port: 8 }, codes: [1] } },
    ],
    [
      {
        name: 'log',
        config: { queue: { size: '5' }, metrics: [{ rate: '1', inner: { on: 'true' } }] },
      },
      undefined,
      { name: 'log', config: { queue: { size: 5 }, metrics: [{ rate: 1, inner: { on: true } }] } },
    ],
    [
      { config: { minute: '6', redis_host: '' } },
      current,
      { config: { minute: 6, redis_host: null } },
    ],
    [{ name: 'log', config: { minute: '6' } }, current, { name: 'log', config: { minute: '6' } }],
    [{ config: { minute: '6' } }, undefined, { config: { minute: '6' } }],
    [{ name: 'x', config: { minute: '6' } }, undefined, { name: 'x', config: { minute: '6' } }],
    [{ disabled: 'true', enabled: 'false' }, undefined, { disabled: true, enabled: false }],
    ['', undefined, null],
  ])('%j over %j is %j', (form, row, expected) => {
    expect(inferEntity(plugin, form, row)).toEqual(expected)
  })
})

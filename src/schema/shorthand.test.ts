import { describe, expect, it } from 'vitest'
import { defineEntity } from './entity.ts'
import { noErrors } from './error-tree.ts'
import type { Field, Fields } from './field.ts'
import { echoShorthands, expandShorthands } from './shorthand.ts'
import { showRow } from './shown.ts'

const replaced = (...path: string[]) => ({
  removal_in_version: '4.0',
  replaced_with: [{ path }],
})

const redis: Field = {
  type: 'record',
  required: true,
  shorthand_fields: {
    auth: { type: 'string', len_min: 0, deprecation: replaced('password') },
    scan_count: { type: 'integer', deprecation: replaced('extra_options', 'scan_count') },
  },
  fields: {
    host: { type: 'string' },
    password: { type: 'string', len_min: 0 },
    ssl: { type: 'boolean', default: false },
    extra_options: {
      type: 'record',
      required: true,
      fields: { namespace: { type: 'string' }, scan_count: { type: 'number', default: 10 } },
    },
  },
}

const fields: Fields = {
  name: { type: 'string' },
  config: {
    type: 'record',
    required: true,
    shorthand_fields: {
      redis_host: { type: 'string', deprecation: replaced('redis', 'host') },
      redis_ssl: { type: 'boolean', deprecation: replaced('redis', 'ssl') },
      cookie_persistent: { type: 'boolean', expand: (remember: boolean) => ({ remember }) },
      lifetime: { type: 'number', expand: (total: number) => ({ timeouts: { total } }) },
    },
    fields: {
      remember: { type: 'boolean', default: false },
      timeouts: { type: 'record', required: true, fields: { total: { type: 'number' } } },
      redis,
      backups: { type: 'array', elements: redis },
      named: { type: 'map', keys: { type: 'string' }, values: redis },
    },
  },
}

function expand(config: unknown): { sent: unknown; errors: unknown } {
  const errors = noErrors()
  const sent = expandShorthands(fields, { config }, errors)
  return { sent: sent.config, errors: { ...errors } }
}

describe('expandShorthands', () => {
  it.each([
    ['moves to the successor', { redis_host: 'a' }, { redis: { host: 'a' } }],
    [
      'beside other members of it',
      { redis_host: 'a', redis: { ssl: true } },
      { redis: { ssl: true, host: 'a' } },
    ],
    [
      'agrees with its successor',
      { redis_host: 'a', redis: { host: 'a' } },
      { redis: { host: 'a' } },
    ],
    [
      'fills a successor of null',
      { redis_host: 'a', redis: { host: null } },
      { redis: { host: 'a' } },
    ],
    ['fills a record of null', { redis_host: 'a', redis: null }, { redis: { host: 'a' } }],
    ['fills an empty list for a record', { redis_host: 'a', redis: [] }, { redis: { host: 'a' } }],
    ['null takes the value away', { redis_host: null }, { redis: { host: null } }],
    ['null yields', { redis_host: null, redis: { host: 'b' } }, { redis: { host: 'b' } }],
    [
      'yields to false, which Lua takes for nothing',
      { redis_ssl: true, redis: { ssl: false } },
      { redis: { ssl: false } },
    ],
    ['leaves what is no record to the checks', { redis_host: 'a', redis: 5 }, { redis: 5 }],
    [
      'one not deprecated overrides',
      { cookie_persistent: true, remember: false },
      { remember: true },
    ],
    [
      'inside a record too',
      { lifetime: 5, timeouts: { total: 1, idle: 2 } },
      { timeouts: { total: 5, idle: 2 } },
    ],
    ['at any depth', { redis: { auth: 'p' } }, { redis: { password: 'p' } }],
    [
      'to a place further in',
      { redis: { scan_count: 5, extra_options: { namespace: 'n' } } },
      { redis: { extra_options: { namespace: 'n', scan_count: 5 } } },
    ],
    ['in lists', { backups: [{ auth: 'p' }, 5] }, { backups: [{ password: 'p' }, 5] }],
    ['in maps', { named: { a: { auth: 'p' } } }, { named: { a: { password: 'p' } } }],
    ['nothing to do', { redis: { host: 'a' } }, { redis: { host: 'a' } }],
    ['no record at all', 5, 5],
  ])('%s', (_rule, config, expected) => {
    expect(expand(config)).toEqual({ sent: expected, errors: {} })
  })

  it.each([
    [
      { redis_host: 'a', redis: { host: 'b' } },
      {
        redis_host:
          'both deprecated and new field are used but their values mismatch: redis_host = a vs redis.host = b',
      },
    ],
    [
      { redis: { scan_count: 5, extra_options: { scan_count: 7 } } },
      {
        scan_count:
          'both deprecated and new field are used but their values mismatch: scan_count = 5 vs extra_options.scan_count = 7',
      },
    ],
    [{ redis_host: 5 }, { redis_host: 'expected a string' }],
    [{ redis_host: '' }, { redis_host: 'length must be at least 1' }],
    [
      { redis_ssl: 1, redis: { auth: 2 } },
      { redis_ssl: 'expected a boolean', auth: 'expected a string' },
    ],
  ])('tells what is wrong with %j at the top', (config, errors) => {
    expect(expand(config).errors).toEqual(errors)
  })

  it('gives back the very same object when there is nothing to expand', () => {
    const plain: Fields = { name: { type: 'string' }, inner: { type: 'record', fields: {} } }
    const sent = { name: 'x', inner: { a: 1 } }
    expect(expandShorthands(plain, sent, noErrors())).toBe(sent)
  })

  it('keeps a key __proto__ of a map as a key', () => {
    const { sent } = expand(JSON.parse('{"named":{"__proto__":{"auth":"p"}}}'))
    expect(JSON.stringify(sent)).toBe('{"named":{"__proto__":{"password":"p"}}}')
  })
})

describe('echoShorthands', () => {
  it('shows deprecated fields beside their successors, at every depth, and no others', () => {
    const inner = { host: 'a', password: null, ssl: true, extra_options: { scan_count: 5 } }
    const echoed = { ...inner, auth: null, scan_count: 5 }
    const config = { remember: true, redis: inner, backups: [inner], named: { x: inner } }
    expect(echoShorthands(fields, { config })).toEqual({
      config: {
        remember: true,
        redis: echoed,
        backups: [echoed],
        named: { x: echoed },
        redis_host: 'a',
        redis_ssl: true,
      },
    })
  })
})

describe('showRow', () => {
  const entity = defineEntity({
    name: 'plugins',
    fields: {
      id: { type: 'string', uuid: true, auto: true },
      name: { type: 'string', required: true },
      config: { type: 'record', abstract: true },
    },
    subschema: {
      key: 'name',
      find: (name) => (name === 'limit' ? { fields } : undefined),
      unknown: () => 'unknown',
    },
    show: (row) => ({ ...row, shown: true }),
  })

  it("applies the entity's own look, then echoes by the kind of the row", () => {
    const row = { id: 'x', name: 'limit', config: { redis: null } }
    expect(showRow(entity, row)).toEqual({
      ...row,
      shown: true,
      config: { redis: null, redis_host: null, redis_ssl: null },
    })
    expect(row.config).toEqual({ redis: null })
  })

  it('shows a row of no known kind as it is', () => {
    expect(showRow(entity, { id: 'x', name: 'other', config: { a: 1 } })).toEqual({
      id: 'x',
      name: 'other',
      config: { a: 1 },
      shown: true,
    })
  })
})

import { describe, expect, it } from 'vitest'
import { compare } from './compare.ts'
import type { Members } from './content.ts'
import { kindOf } from './kinds.ts'
import { readSchema } from './schema.ts'

const config = {
  type: 'record',
  required: true,
  shorthand_fields: [
    { host: { type: 'string', deprecation: { replaced_with: [{ path: ['redis', 'host'] }] } } },
    { lost: { type: 'string', deprecation: { message: 'gone' } } },
  ],
  fields: [
    { limit: { type: 'integer', default: 5 } },
    { note: { type: 'string' } },
    { secret: { type: 'string', auto: true, encrypted: true } },
    { order: { type: 'array', elements: { type: 'string' } } },
    { names: { type: 'set', elements: { type: 'string' } } },
    {
      redis: {
        type: 'record',
        required: true,
        fields: [{ host: { type: 'string' } }, { port: { type: 'integer', default: 6379 } }],
      },
    },
    {
      partial: {
        type: 'record',
        required: true,
        default: { size: 9 },
        fields: [{ size: { type: 'integer', default: 1 } }],
      },
    },
    { optional: { type: 'record', fields: [{ on: { type: 'boolean', default: true } }] } },
    {
      list: {
        type: 'array',
        elements: { type: 'record', fields: [{ on: { type: 'boolean', default: true } }] },
      },
    },
  ],
}
const schema = readSchema({
  fields: [
    { name: { type: 'string' } },
    { created_at: { type: 'integer', auto: true } },
    { tags: { type: 'set', elements: { type: 'string' } } },
    { service: { type: 'foreign' } },
    { config },
  ],
})
/** As a gateway shows it when nothing was said. */
const shown = {
  limit: 5,
  note: null,
  secret: 'made',
  order: null,
  names: null,
  redis: { host: null, port: 6379 },
  partial: { size: 9 },
  optional: null,
  list: null,
}

function pathsOf(wanted: Members, current: Members): readonly string[] {
  const kind = kindOf('plugins')
  if (kind === undefined) throw new Error('no plugins')
  return compare(kind, schema, { wanted, current }).map(({ path }) => path)
}

describe('compare', () => {
  it.each<[what: string, wanted: Members, current: Members, paths: string[]]>([
    ['what nobody said', {}, shown, []],
    ['a default', { limit: 5 }, shown, []],
    ['another value', { limit: 6 }, shown, ['config.limit']],
    ['a null where there is a default', { limit: null }, shown, ['config.limit']],
    ['a value that is gone from the file', {}, { ...shown, note: 'x' }, ['config.note']],
    ['a secret the gateway made', {}, { ...shown, secret: 'other' }, []],
    ['a secret of the file', { secret: 'mine' }, shown, ['config.secret']],
    [
      'the order of an array',
      { order: ['b', 'a'] },
      { ...shown, order: ['a', 'b'] },
      ['config.order'],
    ],
    ['the order of a set', { names: ['b', 'a'] }, { ...shown, names: ['a', 'b'] }, []],
    ['a part of a record', { redis: { port: 1 } }, shown, ['config.redis.port']],
    ['the default of a record', {}, { ...shown, partial: { size: 1 } }, ['config.partial.size']],
    [
      'a record that is filled when given',
      { optional: {} },
      { ...shown, optional: { on: true } },
      [],
    ],
    ['records in a list', { list: [{}] }, { ...shown, list: [{ on: true }] }, []],
    ['an echo of an old name', {}, { ...shown, host: null }, []],
    ['an old name', { host: 'h' }, { ...shown, redis: { host: 'h', port: 6379 }, host: 'h' }, []],
    [
      'an old name that changed',
      { host: 'i' },
      { ...shown, redis: { host: 'h', port: 6379 }, host: 'h' },
      ['config.host'],
    ],
    [
      'an old name nobody echoes',
      { host: 'h' },
      { ...shown, redis: { host: 'h', port: 6379 } },
      [],
    ],
    ['an old name nobody can trace', { lost: 'x' }, { ...shown, limit: 77 }, []],
  ])('%s', (_, wanted, current, paths) => {
    expect(pathsOf({ config: wanted }, { config: current })).toEqual(paths)
  })

  it.each<[what: string, wanted: Members, current: Members, paths: string[]]>([
    ['times and ids', {}, { id: 'x', created_at: 1, updated_at: 2, ttl: 3 }, []],
    ['no tags and an empty list of them', { tags: [] }, { tags: null }, []],
    [
      'references with more than an id',
      { service: { id: 'a', name: 's' } },
      { service: { id: 'a' } },
      [],
    ],
    ['another reference', { service: { id: 'a' } }, { service: { id: 'b' } }, ['service']],
    ['a reference that is gone', {}, { service: { id: 'b' } }, ['service']],
  ])('ignores or finds %s', (_, wanted, current, paths) => {
    expect(pathsOf(wanted, { config: shown, ...current })).toEqual(paths)
  })

  it.each<[Members, Members]>([
    [{ algorithm: 'consistent-hashing' }, { algorithm: 'round-robin', hash_on: 'none' }],
    [{ hash_on: 'ip' }, { algorithm: 'consistent-hashing', hash_on: 'ip' }],
    [
      { algorithm: 'latency', hash_on: 'ip' },
      { algorithm: 'latency', hash_on: 'none' },
    ],
  ])('reads an upstream with %j as Kong does', (wanted, current) => {
    const kind = kindOf('upstreams')
    if (kind === undefined) throw new Error('no upstreams')
    expect(compare(kind, readSchema({ fields: [] }), { wanted, current })).toEqual([])
  })
})

import { describe, expect, expectTypeOf, it } from 'vitest'
import { defineEntity, type EntityOf } from './entity.ts'
import { record } from './field.ts'
import {
  checkEndpointKey,
  rowForInsert,
  rowForUpdate,
  rowForUpsert,
  validateOnly,
} from './validate.ts'

const thing = defineEntity({
  name: 'things',
  endpointKey: 'name',
  fields: {
    id: { type: 'string', uuid: true, auto: true },
    created_at: { type: 'integer', timestamp: true, auto: true },
    updated_at: { type: 'number', timestamp: true, auto: true },
    name: { type: 'string', unique: true, match: '^%a+$' },
    mode: { type: 'string', required: true, default: 'a', one_of: ['a', 'b'] },
    key: { type: 'string', auto: true },
    tags: { type: 'set', elements: { type: 'string' } },
    headers: {
      type: 'map',
      keys: { type: 'string' },
      values: { type: 'array', elements: { type: 'string' } },
    },
    config: record({
      depth: { type: 'integer', default: 3, between: [0, 9] },
      codes: { type: 'array', default: [1, 2], elements: { type: 'integer' } },
      inner: record({ note: { type: 'string' } }),
    }),
    owner: { type: 'foreign', reference: 'owners' },
  },
})

const id = 'a0000000-0000-4000-8000-000000000001'
const context = { now: 1795212381759, newId: () => id, secret: () => 'sesame' }
const empty = {
  id,
  created_at: 1795212381,
  updated_at: 1795212381.759,
  name: null,
  mode: 'a',
  key: 'sesame',
  tags: null,
  headers: null,
  config: { depth: 3, codes: [1, 2], inner: { note: null } },
  owner: null,
}

describe('rowForInsert', () => {
  it('fills every field, in order', () => {
    const row = rowForInsert(thing, {}, context)
    expect(row).toEqual(empty)
    expect(Object.keys(row)).toEqual(Object.keys(thing.fields))
  })

  it.each([
    ['a set drops what it holds twice', { tags: ['a', 'b', 'a'] }, { tags: ['a', 'b'] }],
    ['an empty object is an empty list', { tags: {} }, { tags: [] }],
    ['an empty list is an empty map', { headers: [] }, { headers: {} }],
    ['a reference keeps its id only', { owner: { id, name: 'x' } }, { owner: { id } }],
    ['a moment may be supplied', { created_at: 5 }, { created_at: 5 }],
    ['updated_at is never looked at', { updated_at: 'x' }, {}],
    ['updated_at is dropped where no field is', { config: { updated_at: 'x' } }, {}],
    ['a record is filled', { config: { depth: 4 } }, { config: { ...empty.config, depth: 4 } }],
    ['null stays null', { config: { codes: null } }, { config: { ...empty.config, codes: null } }],
  ])('%s', (_rule, input, expected) => {
    expect(rowForInsert(thing, input, context)).toEqual({ ...empty, ...expected })
  })

  it('keeps a map key __proto__ without harm', () => {
    const row = rowForInsert(thing, JSON.parse('{"headers":{"__proto__":["x"]}}'), context)
    expect(JSON.stringify(row.headers)).toBe('{"__proto__":["x"]}')
    expect(Object.getPrototypeOf(row.headers)).toBe(Object.prototype)
  })

  it('counts the elements of a set without its repeats', () => {
    expect(() => rowForInsert(thing, { tags: ['a', 'a', 5] }, context)).toThrow(
      'schema violation (tags.2: expected a string)',
    )
  })

  it('tells every violation at once', () => {
    const input = { name: 'a b', mode: null, config: { depth: 10, x: 1 }, tags: ['a', 5], nope: 1 }
    expect(() => rowForInsert(thing, input, context)).toThrow(
      expect.objectContaining({
        code: 2,
        message:
          '6 schema violations (config.depth: value should be between 0 and 9; config.x: unknown field; ' +
          'mode: required field missing; name: invalid value: a b; nope: unknown field; tags.2: expected a string)',
        fields: {
          name: 'invalid value: a b',
          mode: 'required field missing',
          config: { depth: 'value should be between 0 and 9', x: 'unknown field' },
          tags: [null, 'expected a string'],
          nope: 'unknown field',
        },
      }),
    )
  })

  it('is not exhausted by deep nesting', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`)
    for (const input of [
      deep,
      { config: deep },
      { tags: [deep] },
      { headers: deep, owner: deep },
    ]) {
      expect(() => rowForInsert(thing, input, context)).toThrow('schema violation')
    }
  })

  it.each([5, 'x', null, [1]])('refuses %j, which is no entity', (input) => {
    expect(() => rowForInsert(thing, input, context)).toThrow('expected a record')
  })
})

describe('an object in place of a reference', () => {
  const owner = defineEntity({
    name: 'owners',
    fields: {
      id: { type: 'string', uuid: true, auto: true },
      name: { type: 'string', required: true, len_min: 1 },
    },
  })
  const knowing = {
    ...context,
    entityOf: (name: string) => (name === 'owners' ? owner : undefined),
  }
  const refusedFor = (sent: unknown) => {
    try {
      return rowForInsert(thing, { owner: sent }, knowing).owner
    } catch (error) {
      return Reflect.get(Object(error), 'fields').owner
    }
  }

  it.each<[unknown, unknown]>([
    [{ name: '' }, { name: 'length must be at least 1' }],
    [
      { name: 1, nope: 1 },
      { name: 'expected a string', nope: 'unknown field' },
    ],
    [{ id: 'x' }, { id: 'expected a valid UUID' }],
    [{ name: 'n' }, { id: 'missing primary key' }],
    [{ id: null }, { id: 'required field missing' }],
    [{ updated_at: 'x' }, { id: 'missing primary key' }],
    [{}, { id: 'missing primary key' }],
    ['n', { id: 'missing primary key' }],
    [['n'], ['unknown field']],
    [{ id, name: '' }, { id }],
  ])('%j is blamed for what it says of what it leads to', (sent, told) => {
    expect(refusedFor(sent)).toEqual(told)
  })
})

describe('an object in place of a reference to one of many kinds', () => {
  const route = defineEntity({
    name: 'routes',
    fields: {
      id: { type: 'string', uuid: true, auto: true },
      protocols: { type: 'set', required: true, elements: { type: 'string' } },
    },
    subschema: {
      key: 'protocols',
      find: (value) => (Array.isArray(value) && value[0] === 'http' ? {} : undefined),
      unknown: (value) => `unknown type: ${value}`,
    },
  })
  const plugin = defineEntity({
    name: 'plugins',
    fields: {
      id: { type: 'string', uuid: true, auto: true },
      route: { type: 'foreign', reference: 'routes' },
    },
  })
  const knowing = { ...context, entityOf: () => route }

  it.each<[unknown, unknown]>([
    [{}, { protocols: 'required field missing' }],
    [[], { protocols: 'required field missing' }],
    [{ id: 'x', nope: 1 }, { protocols: 'required field missing' }],
    [{ protocols: ['foo'] }, { protocols: 'unknown type: foo' }],
    [{ protocols: 'foo' }, { protocols: 'unknown type: foo' }],
    [{ protocols: ['http'], nope: 1 }, { nope: 'unknown field' }],
    [{ protocols: ['http'] }, { id: 'missing primary key' }],
    ['x', { id: 'missing primary key' }],
  ])('%j is asked for its kind first', (sent, told) => {
    expect(() => rowForInsert(plugin, { route: sent }, knowing)).toThrow(
      expect.objectContaining({ fields: { route: told } }),
    )
  })
})

describe('rowForUpsert', () => {
  it('keeps nothing of before and takes the id it is given', () => {
    const other = 'b0000000-0000-4000-8000-000000000002'
    expect(rowForUpsert(thing, { id: other }, context)).toEqual({ ...empty, id: other })
  })
})

describe('rowForUpdate', () => {
  const current = rowForInsert(thing, { name: 'old', tags: ['a'] }, context)
  const later = { ...context, now: context.now + 1000 }

  it('merges records and replaces lists', () => {
    const patch = { id: 'ignored', tags: ['b'], config: { inner: { note: 'x' }, codes: [9] } }
    expect(rowForUpdate(thing, current, patch, later)).toEqual({
      ...current,
      updated_at: 1795212382.759,
      tags: ['b'],
      config: { depth: 3, codes: [9], inner: { note: 'x' } },
    })
  })

  it('moves updated_at even when nothing is sent', () => {
    expect(rowForUpdate(thing, current, undefined, later)).toEqual({
      ...current,
      updated_at: 1795212382.759,
    })
  })

  it('refuses a patch that breaks a rule', () => {
    expect(() => rowForUpdate(thing, current, { config: null, x: 1 }, later)).toThrow(
      '2 schema violations (config: required field missing; x: unknown field)',
    )
  })
})

describe('checkEndpointKey', () => {
  it('refuses a key no row could have', () => {
    expect(() => checkEndpointKey(thing, 'a b')).toThrow(
      expect.objectContaining({ code: 10, errorName: 'invalid unique name' }),
    )
    expect(() => checkEndpointKey(thing, 'ab')).not.toThrow()
  })
})

describe('validateOnly', () => {
  it('throws what is wrong', () => {
    expect(() => validateOnly(thing, { mode: 'c' }, context)).toThrow('mode: expected one of: a, b')
  })
})

describe('EntityOf', () => {
  it('reads the row type off the fields', () => {
    type Thing = EntityOf<typeof thing>
    expectTypeOf<Thing['id']>().toEqualTypeOf<string>()
    expectTypeOf<Thing['name']>().toEqualTypeOf<string | null>()
    expectTypeOf<Thing['mode']>().toEqualTypeOf<'a' | 'b'>()
    expectTypeOf<Thing['tags']>().toEqualTypeOf<readonly string[] | null>()
    expectTypeOf<Thing['headers']>().toEqualTypeOf<Readonly<
      Record<string, readonly string[]>
    > | null>()
    expectTypeOf<Thing['config']['inner']['note']>().toEqualTypeOf<string | null>()
    expectTypeOf<Thing['owner']>().toEqualTypeOf<{ readonly id: string } | null>()
  })
})

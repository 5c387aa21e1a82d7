import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { allPlugins } from '../../src/plugins/all.ts'
import type { Entity } from '../../src/schema/entity.ts'
import { type Field, type Fields, isObject } from '../../src/schema/field.ts'
import { allEntities } from '../entities.ts'
import { type Gate, openAdmin, type Read } from '../open-admin.ts'

const ID = '11111111-1111-4111-8111-111111111111'
const FORM = 'application/x-www-form-urlencoded'
const JSON_TYPE = 'application/json'

let admin: Gate

/** All there is, as text: what a refused request must leave as it was. */
async function everything(): Promise<string> {
  const paths = [...new Set(collections.map(({ path }) => path))]
  const pages = await Promise.all(paths.map(async (path) => (await admin.get(path)).text))
  return pages.join('\n')
}

/** What Kong says of bad input: a message, and for violations their code, name and places. */
function expectRefusal({ status, body, text }: Read, what: string): void {
  expect(status >= 400 && status < 500, `${what} -> ${status} ${text}`).toBe(true)
  expect(typeof body.message, `${what} -> ${text}`).toBe('string')
  if (body.code === undefined) return
  expect(typeof body.name, what).toBe('string')
  if (body.code === 2) expect(isObject(body.fields), `${what} -> ${text}`).toBe(true)
  expect(text, what).not.toMatch(/\.ts:\d+|\bat \w+ \(|node_modules/)
}

/** The entities with a collection, and its path; targets live under an upstream. */
const collections = allEntities
  .filter(({ schemaOnly }) => schemaOnly !== true)
  .map((entity) => ({
    entity,
    path:
      entity.nestedOnly === true
        ? `/upstreams/${ID}/${entity.path ?? entity.name}`
        : `/${entity.path ?? entity.name}`,
  }))

beforeAll(async () => {
  admin = await openAdmin()
  expect((await admin.json('POST /upstreams', { id: ID, name: 'u' })).status).toBe(201)
})

/** Values that no field of a type takes. */
const WRONG: Readonly<Record<Field['type'], readonly unknown[]>> = {
  string: [1, true, {}, ['a'], 1e308],
  function: [1, true, {}],
  integer: ['1', 1.5, true, {}, [1]],
  number: ['1', true, {}, [1]],
  boolean: ['true', 1, 0, {}, []],
  array: ['a', 1, true, { a: 1 }],
  set: ['a', 1, true, { a: 1 }],
  map: ['a', 1, true, ['a']],
  record: ['a', 1, true, ['a']],
  foreign: ['a', 1, true, ['a'], {}, { id: 1 }, { id: 'x' }],
  json: [],
}

interface Case {
  readonly entity: Entity
  readonly path: string
  /** What leads to the field, and the field. */
  readonly names: readonly string[]
  readonly value: unknown
}

/** Every field of every entity at any depth, with every value it cannot take. */
const cases: readonly Case[] = collections.flatMap(({ entity, path }) =>
  wrongIn(entity.fields, []).map((wrong) => ({ entity, path, ...wrong })),
)

function wrongIn(fields: Fields, above: readonly string[]): Pick<Case, 'names' | 'value'>[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    // What Gibbon sets is not asked of the client (Kong: `updated_at` is not even validated).
    if (name === 'updated_at' || (name === 'id' && above.length === 0)) return []
    const names = [...above, name]
    const own = WRONG[field.type].map((value) => ({ names, value }))
    return field.fields === undefined ? own : [...own, ...wrongIn(field.fields, names)]
  })
}

function nested([first = '', ...rest]: readonly string[], value: unknown): object {
  return { [first]: rest.length === 0 ? value : nested(rest, value) }
}

describe('a field of another type', () => {
  it.each(collections.map(({ entity }) => entity.name))('is refused in %s', async (name) => {
    const before = await everything()
    for (const { path, names, value } of cases.filter(({ entity }) => entity.name === name)) {
      const input = nested(names, value)
      const what = `POST ${path} ${JSON.stringify(input)}`
      expectRefusal(await admin.json(`POST ${path}`, input), what)
      // Kong: a target is not created by PUT.
      expectRefusal(await admin.json(`PUT ${path}/${ID}`, input), what.replace('POST', 'PUT'))
    }
    expect(await everything()).toBe(before)
  })

  it.each(allPlugins)('is refused in the config of $name', async (plugin) => {
    const { name, config } = plugin
    const before = await everything()
    for (const { names, value } of wrongIn(config.fields, ['config'])) {
      const input = { name, ...nested(names, value) }
      expectRefusal(await admin.json('POST /plugins', input), JSON.stringify(input))
    }
    expect(await everything()).toBe(before)
  })

  it('is refused whatever stands beside it', async () => {
    const before = await everything()
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...cases),
        fc.dictionary(fc.string({ maxLength: 6 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
        fc.constantFrom('POST', 'PUT', 'PATCH'),
        async ({ path, names, value }, beside, verb) => {
          const input = { ...beside, ...nested(names, value) }
          const at = verb === 'POST' ? path : `${path}/${ID}`
          expectRefusal(await admin.json(`${verb} ${at}`, input), `${verb} ${at} ${names}`)
        },
      ),
      { numRuns: 300 },
    )
    expect(await everything()).toBe(before)
  })
})

const PROTOTYPE_NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']

describe.each(PROTOTYPE_NAMES)('the name %s', (name) => {
  it.each<[string, string, string]>([
    ['as a member', `{"host":"h","${name}":{"polluted":1}}`, JSON_TYPE],
    ['as a member of a reference', `{"paths":["/"],"service":{"${name}":"x"}}`, JSON_TYPE],
    ['as a form key', `host=h&${name}=1`, FORM],
    ['inside a form key', `host=h&${name}.polluted=1`, FORM],
    ['inside brackets', `host=h&${name}[polluted]=1`, FORM],
    ['below a field', `host=h&tags[${name}]=1`, FORM],
  ])('%s is refused and pollutes nothing', async (_where, body, type) => {
    const before = await everything()
    for (const path of ['/services', '/routes', '/upstreams', '/plugins']) {
      expectRefusal(await admin.send('POST', path, body, type), `${path} ${body}`)
    }
    expect(await everything()).toBe(before)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it.each(['services', 'consumers', 'plugins', 'nowhere'])(
    'as a path below /%s is not there',
    async (first) => {
      expectRefusal(await admin.get(`/${first}/${name}`), `${first}/${name}`)
      expectRefusal(await admin.get(`/${name}/${first}`), `${name}/${first}`)
      expectRefusal(await admin.get(`/schemas/${name}`), `schemas/${name}`)
      expectRefusal(await admin.get(`/schemas/plugins/${name}`), `schemas/plugins/${name}`)
    },
  )

  it('as a query is unknown, and so ignored', async () => {
    const { status, ids } = await admin.get(`/upstreams?${name}=1&${name}.polluted=1`)
    expect([status, ids]).toEqual([200, [ID]])
  })

  it('names no plugin, vault or entity', async () => {
    expectRefusal(await admin.json('POST /plugins', { name }), name)
    expectRefusal(await admin.json('POST /vaults', { name, prefix: 'my-vault' }), name)
    expectRefusal(await admin.json(`POST /schemas/${name}/validate`, {}), name)
    const steps = [{ put: { entity: name, id: ID, value: {} } }]
    expectRefusal(await admin.json('POST /batch', { steps }), name)
  })
})

const deep = (open: string, close: string, depth: number) =>
  `${open.repeat(depth)}1${close.repeat(depth)}`

describe('bodies past the limits', () => {
  it.each<[string, string, string, number]>([
    ['nested lists', `{"tags":${deep('[', ']', 200)}}`, JSON_TYPE, 400],
    ['nested objects', deep('{"a":', '}', 200), JSON_TYPE, 400],
    ['a million brackets', '['.repeat(1_000_000), JSON_TYPE, 400],
    ['many values', `{"host":"h","tags":[${'"a",'.repeat(60_000)}"a"]}`, JSON_TYPE, 400],
    ['many arguments', 'host=h&'.repeat(1001), FORM, 400],
    ['a deep form key', `${'a.'.repeat(5_000)}a=1`, FORM, 400],
    ['deep brackets', `a${'[b]'.repeat(5_000)}=1`, FORM, 400],
    ['a far index', 'host=h&tags[999999999]=x', FORM, 400],
    ['a negative index', 'host=h&tags[-1]=x', FORM, 400],
    ['a huge number', `{"host":"h","port":${'9'.repeat(400)}}`, JSON_TYPE, 400],
    ['a huge exponent', '{"host":"h","retries":1e999}', JSON_TYPE, 400],
    ['a huge form number', 'host=h&port=1e999', FORM, 400],
    ['too many bytes', `{"host":"${'h'.repeat(11_000_000)}"}`, JSON_TYPE, 413],
    ['a long name', `{"host":"h","name":"${'é '.repeat(3_000)}"}`, JSON_TYPE, 400],
    ['bytes that are no text', 'host=%ff%fe', FORM, 400],
    ['another type', '<a/>', 'application/xml', 415],
    ['cut JSON', '{"host":"h"', JSON_TYPE, 400],
    ['a bare value', 'null', JSON_TYPE, 400],
    ['a list', '[{"host":"h"}]', JSON_TYPE, 400],
    ['a form without its boundary', 'x', 'multipart/form-data', 400],
  ])('%s are refused', async (_what, body, type, status) => {
    const before = await everything()
    const reply = await admin.send('POST', '/services', body, type)
    expect([reply.status, typeof reply.body.message]).toEqual([status, 'string'])
    expect(await everything()).toBe(before)
  })

  it.each<[string, number]>([
    ['/services?size=0', 400],
    ['/services?size=-1', 400],
    ['/services?size=1e9', 400],
    ['/services?size=0x7fffffffff', 400],
    ['/services?size=NaN', 400],
    [`/services?size=${'9'.repeat(400)}`, 400],
    ['/services?offset=%00', 400],
    ['/services?offset=WyJfX3Byb3RvX18iXQ', 400],
    [`/services?tags=${'a,'.repeat(500)}`, 400],
    [`/services?${'a=1&'.repeat(1001)}`, 400],
    ['/services/%00', 400],
    [`/services/${'a'.repeat(100_000)}!`, 400],
  ])('the query of %.60s is refused', async (path, status) => {
    const reply = await admin.get(path)
    expect([reply.status, typeof reply.body.message]).toEqual([status, 'string'])
  })
})

it('logged nothing as a failure of ours', () => {
  expect(admin.logged).toEqual([])
})

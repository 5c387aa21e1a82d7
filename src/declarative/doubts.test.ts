import { describe, expect, it } from 'vitest'
import { allEntities } from '../../test/entities.ts'
import { EntityError } from '../schema/entity-error.ts'
import { readDeclarative } from './read.ts'
import { InvalidConfig } from './violation.ts'

const ID = '8d5bd0a3-6d3e-4d7c-9d4f-0f0f0f0f0f0f'
const OTHER = '00000000-0000-0000-0000-000000000000'
const NULL = 'value must be null'
const NO_KEY = { id: 'missing primary key' }

function read(document: object) {
  const context = { now: 1795212381759, newId: () => ID, secret: () => 'x' }
  return readDeclarative(
    { _format_version: '3.0', ...document },
    { entities: allEntities, context },
  )
}

async function refusal(document: object): Promise<InvalidConfig> {
  const error = await read(document).catch((error: unknown) => error)
  if (error instanceof InvalidConfig) return error
  throw new Error('Cannot find a refusal')
}

const fieldsOf = async (document: object) => {
  const error = await refusal(document)
  expect(error).toBeInstanceOf(EntityError)
  return JSON.parse(JSON.stringify(error.toBody())).fields
}

const user = (more: object) => [{ id: ID, username: 'u', ...more }]
const limit = { name: 'rate-limiting', config: { minute: 1 } }
const service = (more: object) => ({ services: [{ name: 's', host: 'h', ...more }] })

describe('a reference in a nested entry', () => {
  it.each(['u', ID, { id: ID }])('may name the entry it stands in: %j', async (consumer) => {
    const acls = [{ group: 'g', consumer }]
    const { rows } = await read({ consumers: user({ acls }) })
    expect(rows.acls).toMatchObject([{ consumer: { id: ID } }])
  })

  it('may name another there is, but belongs to the one it stands in', async () => {
    const acls = [{ group: 'g', consumer: 'v' }]
    const { rows } = await read({ consumers: [...user({ acls }), { username: 'v' }] })
    expect(rows.acls).toMatchObject([{ consumer: { id: ID } }])
  })

  it('may lead to another table', async () => {
    const plugins = [{ ...limit, consumer: 'u' }]
    const { rows } = await read({ ...service({ plugins }), consumers: user({}) })
    expect(rows.plugins?.[0]?.consumer).toEqual({ id: ID })
  })

  it.each(['v', OTHER, { username: 'u' }, 12])(
    'is refused when it leads nowhere: %j',
    async (to) => {
      const acls = [{ group: 'g', consumer: to }]
      expect(await fieldsOf({ consumers: user({ acls }) })).toEqual({
        consumers: [{ acls: [{ consumer: NULL }] }],
      })
      const plugins = [{ ...limit, consumer: to }]
      expect(await fieldsOf({ ...service({ plugins }), consumers: user({}) })).toEqual({
        services: [{ plugins: [{ consumer: NULL }] }],
      })
    },
  )

  it('is refused, good as it is, as soon as anything else is wrong', async () => {
    const acls = [{ group: 'g', consumer: 'u' }, {}]
    expect(await fieldsOf({ consumers: user({ acls }) })).toEqual({
      consumers: [{ acls: [{ consumer: NULL }, { group: 'required field missing' }] }],
    })
  })
})

describe('a reference at the top that leads nowhere', () => {
  const route = { name: 'r', paths: ['/'], service: 'x' }
  const text = "invalid reference 'service: x' (no such entry in 'services')"

  it('is told by name while all else is right', async () => {
    expect(await fieldsOf({ routes: [route] })).toEqual({ routes: { r: [text] } })
  })

  it('tells an id in an object as written', async () => {
    const object = { ...route, service: { id: ID } }
    expect(await fieldsOf({ routes: [object] })).toEqual({
      routes: { r: [`invalid reference 'service: {"id":"${ID}"}' (no such entry in 'services')`] },
    })
  })

  it.each<[string, object, object]>([
    [
      'a field',
      service({ port: -1 }),
      { services: [{ port: 'value should be between 0 and 65535' }] },
    ],
    ['the top', { nope: 1 }, { nope: 'unknown field' }],
    ['an object elsewhere', { plugins: [{ ...limit, service: { id: ID } }] }, {}],
    [
      'a password',
      { consumers: user({ basicauth_credentials: [{ username: 'b', password: 'p' }] }) },
      {},
    ],
  ])('has no key once Kong looks twice, at %s', async (_what, document, fields) => {
    expect(await fieldsOf({ ...document, routes: [route] })).toEqual({
      ...fields,
      routes: [{ service: NO_KEY }],
    })
  })

  it.each(['x', OTHER])('leaves a password without its consumer: %s', async (consumer) => {
    const alone = {
      '@entity': ["all or none of these fields must be set: 'password', 'consumer.id'"],
    }
    const credential = { username: 'b', password: 'p', consumer }
    expect(await fieldsOf({ basicauth_credentials: [credential] })).toEqual({
      basicauth_credentials: [{ ...alone, consumer: NO_KEY }],
    })
    const nested = user({ basicauth_credentials: [credential] })
    expect(await fieldsOf({ consumers: nested })).toEqual({
      consumers: [{ basicauth_credentials: [{ ...alone, consumer: NULL }] }],
    })
  })

  it('is told with its name where people look', async () => {
    const { violations } = await refusal({ nope: 1, routes: [route] })
    expect(violations).toContainEqual({ path: ['routes', 0, 'service'], text })
  })

  it('is not found by a name where an id has to be', async () => {
    const object = { ...route, service: { id: 's' } }
    expect(await fieldsOf({ ...service({}), routes: [object] })).toEqual({
      routes: [{ service: { id: 'expected a valid UUID' } }],
    })
  })
})

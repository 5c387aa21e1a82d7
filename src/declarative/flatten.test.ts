import { describe, expect, it } from 'vitest'
import { allEntities } from '../../test/entities.ts'
import { uuidV5 } from '../lib/uuid.ts'
import { EntityError } from '../schema/entity-error.ts'
import { readDeclarative } from './read.ts'

const given = '8d5bd0a3-6d3e-4d7c-9d4f-0f0f0f0f0f0f'
const OTHER = '8d5bd0a3-6d3e-4d7c-9d4f-0f0f0f0f0f0e'
const derived = (table: string, key: string) =>
  uuidV5(uuidV5('fd02801f-0957-4a15-a55a-c8d9606f30b5', table), key)
const context = { now: 1795212381759, newId: () => given, secret: () => 'x' }

async function refusal(document: object) {
  const whole = { _format_version: '3.0', ...document }
  const options = { entities: allEntities, context, flatten: true }
  const error = await readDeclarative(whole, options).catch((error: unknown) => error)
  if (error instanceof EntityError) return JSON.parse(JSON.stringify(error.toBody()))
  throw new Error('Cannot find a refusal')
}

describe('flattenErrors', () => {
  it('flattens what is written in place of a reference as an entity of its own', async () => {
    const certificate = { cert: '', nope: 1, tags: ['c'] }
    const services = [
      { name: 'a', host: 'h', protocol: 'https', client_certificate: certificate },
      {
        name: 'b',
        host: 'h',
        protocol: 'https',
        port: -1,
        client_certificate: { ...certificate, id: given },
      },
      { name: 'c', host: 'h', protocol: 'https', client_certificate: { id: 'x' } },
    ]
    const field = (field: string, message: string) => ({ type: 'field', field, message })
    expect((await refusal({ services })).flattened_errors).toEqual([
      {
        entity_type: 'certificate',
        entity_tags: ['c'],
        entity: certificate,
        errors: [field('cert', 'length must be at least 1'), field('nope', 'unknown field')],
      },
      {
        entity_type: 'service',
        entity_name: 'b',
        entity: {
          name: 'b',
          host: 'h',
          protocol: 'https',
          port: -1,
          client_certificate: { id: given },
        },
        errors: [field('port', 'value should be between 0 and 65535')],
      },
      {
        entity_type: 'certificate',
        entity: { id: 'x' },
        errors: [field('id', 'expected a valid UUID')],
      },
    ])
    const lost = [{ name: 'a', host: 'h', protocol: 'https', client_certificate: { id: given } }]
    const message = `invalid reference 'client_certificate: {"id":"${given}"}' (no such entry in 'certificates')`
    expect((await refusal({ services: lost })).flattened_errors).toMatchObject([
      { entity_type: 'service', errors: [field('client_certificate', message)] },
    ])
  })

  it('names what is declared twice by the id its names make', async () => {
    const target = { target: '10.244.0.12:80', weight: 1, tags: ['first'] }
    const again = { ...target, tags: ['again'] }
    const upstream = 'f9792964-6797-482c-bfdf-08220a4f6839'
    const upstreams = [{ id: upstream, name: 'u', targets: [target, again] }]
    // Kong's own for this target in that upstream.
    const id = '48322e4a-b3b0-591b-8ed6-fd95a6d75019'
    expect((await refusal({ upstreams })).flattened_errors).toEqual([
      {
        entity_type: 'target',
        entity_id: id,
        entity_tags: ['again'],
        entity: { ...again, id, upstream: { id: upstream } },
        errors: [
          {
            type: 'entity',
            message: `uniqueness violation: 'targets' entity with primary key set to '${id}' already declared`,
          },
        ],
      },
    ])
  })

  it.each([
    [
      'has none but one that was made up',
      { keyauth_credentials: [{ key: 'k' }, { key: 'k' }] },
      {},
    ],
    [
      'has one of its own',
      { keyauth_credentials: [{ key: 'k' }, { key: 'k', id: OTHER }] },
      { entity_id: OTHER },
    ],
  ])(
    'shows no made-up id, but that of what holds it: what is declared twice %s',
    async (_what, credentials, shown) => {
      const consumers = [{ username: 'c', ...credentials }]
      const [error] = (await refusal({ consumers })).flattened_errors
      expect(error).toMatchObject({ entity_type: 'keyauth_credential', ...shown })
      expect(Object.keys(error).includes('entity_id')).toBe('entity_id' in shown)
      expect(error.entity.consumer).toEqual({ id: derived('consumers', 'c') })
    },
  )

  it('derives no id while something else is wrong: Kong has not come so far', async () => {
    const services = [{ name: 'a', host: 'h' }, { name: 'b' }, { name: 'a', host: 'h' }]
    const { flattened_errors } = await refusal({ services })
    expect(flattened_errors).toHaveLength(2)
    for (const error of flattened_errors) expect(error).not.toHaveProperty('entity_id')
  })

  it('tells of a lost reference beside other errors as Kong does', async () => {
    const plugins = [{ name: 'rate-limiting', config: { minute: 1 }, consumer: 'nobody' }]
    const { fields, flattened_errors } = await refusal({ nope: 1, plugins })
    expect(fields).toEqual({ nope: 'unknown field' })
    expect(flattened_errors).toEqual([
      {
        entity_type: 'plugin',
        entity_name: 'rate-limiting',
        entity: plugins[0],
        errors: [{ type: 'field', field: 'consumer.id', message: 'missing primary key' }],
      },
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { allEntities } from '../../test/entities.ts'
import { EntityError } from '../schema/entity-error.ts'
import { readDeclarative } from './read.ts'

const given = '8d5bd0a3-6d3e-4d7c-9d4f-0f0f0f0f0f0f'
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

import { describe, expect, it } from 'vitest'
import { describeSubschema } from './describe.ts'
import type { Subschema } from './entity.ts'

const subschema: Subschema = {
  fields: {
    consumer: { type: 'foreign', reference: 'consumers', eq: null },
    config: {
      type: 'record',
      required: true,
      shorthand_fields: {
        redis_host: {
          type: 'string',
          deprecation: {
            message: 'use redis.host',
            removal_in_version: '4.0',
            replaced_with: [{ path: ['redis', 'host'] }],
          },
          expand: (host: string) => ({ redis: { host } }),
        },
      },
      fields: {
        headers: {
          type: 'map',
          keys: { type: 'string', check: () => undefined },
          values: { type: 'string', referenceable: true },
        },
        queue: {
          type: 'record',
          required: true,
          default: { fields: 200 },
          fields: { fields: { type: 'integer', default: 1 } },
        },
        metrics: {
          type: 'array',
          default: [{ name: 'a' }],
          elements: {
            type: 'record',
            fields: { name: { type: 'string', required: true } },
            entity_checks: [{ custom_entity_check: { field_sources: ['name'], check: () => 'x' } }],
          },
        },
        unset: { type: 'string', default: null },
      },
    },
  },
  entityChecks: [{ only_one_of: ['config.allow', 'config.deny'] }],
}

describe('describeSubschema', () => {
  it('lists fields one by one at every depth, defaults as they are, and no functions', () => {
    const described = JSON.parse(JSON.stringify(describeSubschema(subschema)))
    expect(described).toEqual({
      fields: [
        { consumer: { type: 'foreign', reference: 'consumers', eq: null } },
        {
          config: {
            type: 'record',
            required: true,
            shorthand_fields: [
              {
                redis_host: {
                  type: 'string',
                  deprecation: {
                    message: 'use redis.host',
                    removal_in_version: '4.0',
                    replaced_with: [{ path: ['redis', 'host'] }],
                  },
                },
              },
            ],
            fields: [
              {
                headers: {
                  type: 'map',
                  keys: { type: 'string' },
                  values: { type: 'string', referenceable: true },
                },
              },
              {
                queue: {
                  type: 'record',
                  required: true,
                  default: { fields: 200 },
                  fields: [{ fields: { type: 'integer', default: 1 } }],
                },
              },
              {
                metrics: {
                  type: 'array',
                  default: [{ name: 'a' }],
                  elements: {
                    type: 'record',
                    fields: [{ name: { type: 'string', required: true } }],
                    entity_checks: [{ custom_entity_check: { field_sources: ['name'] } }],
                  },
                },
              },
              { unset: { type: 'string', default: null } },
            ],
          },
        },
      ],
      entity_checks: [{ only_one_of: ['config.allow', 'config.deny'] }],
    })
    expect(Object.keys(described)).toEqual(['fields', 'entity_checks'])
  })

  it('describes one without anything of its own', () => {
    expect(describeSubschema({})).toEqual({ fields: [], entity_checks: [] })
  })
})

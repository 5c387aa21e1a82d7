import { defineEntity, type Subschema } from '../schema/entity.ts'
import { autoTimestamp, id, tags } from './fields.ts'

/** What a vault's `name` decides. */
const VAULTS: ReadonlyMap<unknown, Subschema> = new Map([
  [
    'env',
    {
      fields: {
        config: {
          type: 'record',
          required: true,
          fields: { prefix: { type: 'string', match: '^[%a_-][%a%d_-]*$' } },
        },
      },
    },
  ],
])

/** Where references such as `{vault://my-env/key}` are looked up. */
export const vault = defineEntity({
  name: 'vaults',
  endpointKey: 'prefix',
  fields: {
    id,
    prefix: {
      type: 'string',
      required: true,
      unique: true,
      unique_across_ws: true,
      match: '^[a-z][a-z%d-]-[a-z%d]+$',
      not_one_of: ['env'],
    },
    name: { type: 'string', required: true },
    description: { type: 'string' },
    config: { type: 'record', abstract: true },
    created_at: autoTimestamp,
    updated_at: autoTimestamp,
    tags,
  },
  cacheKey: ['prefix'],
  subschema: {
    key: 'name',
    find: (value) => VAULTS.get(value),
    unknown: (value) => `vault '${value}' is not installed`,
  },
})

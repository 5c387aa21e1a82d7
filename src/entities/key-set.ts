import { defineEntity } from '../schema/entity.ts'
import { autoTimestamp, id, tags } from './fields.ts'

/** Keys that belong together. */
export const keySet = defineEntity({
  name: 'key_sets',
  path: 'key-sets',
  endpointKey: 'name',
  fields: {
    id,
    name: { type: 'string', required: false, unique: true },
    tags,
    created_at: autoTimestamp,
    updated_at: autoTimestamp,
  },
})

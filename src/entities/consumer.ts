import { defineEntity } from '../schema/entity.ts'
import { autoTimestamp, id, tags } from './fields.ts'

/** Who calls; what proves it are credentials, which plugins own. */
export const consumer = defineEntity({
  name: 'consumers',
  endpointKey: 'username',
  fields: {
    id,
    created_at: autoTimestamp,
    updated_at: autoTimestamp,
    username: { type: 'string', unique: true },
    custom_id: { type: 'string', unique: true },
    tags,
  },
  entityChecks: [{ at_least_one_of: ['custom_id', 'username'] }],
})

import { autoTimestamp, id } from '../../entities/fields.ts'
import { defineEntity } from '../../schema/entity.ts'

/** A session kept here, of which the cookie holds the name only. */
export const sessionRecord = defineEntity({
  name: 'sessions',
  endpointKey: 'session_id',
  cacheKey: ['session_id'],
  ttl: true,
  fields: {
    id,
    session_id: { type: 'string', required: true, unique: true },
    expires: { type: 'integer' },
    data: { type: 'string' },
    created_at: autoTimestamp,
  },
})

import { autoTimestamp, id } from '../../entities/fields.ts'
import { defineEntity } from '../../schema/entity.ts'

/** What `storage: kong` keeps: accounts, orders and renewals by key. */
export const acmeStorage = defineEntity({
  name: 'acme_storage',
  cacheKey: ['key'],
  ttl: true,
  fields: {
    id,
    key: { type: 'string', required: true, unique: true, auto: true },
    value: { type: 'string', required: true, auto: true },
    created_at: autoTimestamp,
  },
})

import { tags } from '../../entities/fields.ts'
import { defineEntity } from '../../schema/entity.ts'
import { autoKey, ownedFields } from '../fields/credential.ts'

/** A key that is enough to be let in as its consumer. */
export const keyAuthCredential = defineEntity({
  name: 'keyauth_credentials',
  path: 'key-auths',
  nestedPath: 'key-auth',
  endpointKey: 'key',
  cacheKey: ['key'],
  ttl: true,
  fields: { ...ownedFields, key: autoKey, tags },
})

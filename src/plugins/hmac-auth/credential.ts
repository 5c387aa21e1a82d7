import { tags } from '../../entities/fields.ts'
import { defineEntity } from '../../schema/entity.ts'
import { ownedFields } from '../fields/credential.ts'

/** A user name and the secret its requests are signed with. */
export const hmacAuthCredential = defineEntity({
  name: 'hmacauth_credentials',
  path: 'hmac-auths',
  nestedPath: 'hmac-auth',
  endpointKey: 'username',
  cacheKey: ['username'],
  fields: {
    ...ownedFields,
    username: { type: 'string', required: true, unique: true },
    secret: { type: 'string', auto: true },
    tags,
  },
})

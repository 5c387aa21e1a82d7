import { autoTimestamp, id } from '../../entities/fields.ts'
import { defineEntity } from '../../schema/entity.ts'
import { autoKey } from '../fields/credential.ts'

const text = { type: 'string', required: false } as const

const granted = {
  id,
  created_at: autoTimestamp,
  service: { type: 'foreign', reference: 'services', default: null, on_delete: 'cascade' },
  credential: {
    type: 'foreign',
    reference: 'oauth2_credentials',
    required: true,
    on_delete: 'cascade',
  },
} as const

/** What an application shows with its requests. */
export const oauth2Token = defineEntity({
  name: 'oauth2_tokens',
  endpointKey: 'access_token',
  cacheKey: ['access_token'],
  ttl: true,
  fields: {
    ...granted,
    token_type: { type: 'string', required: true, default: 'bearer', one_of: ['bearer'] },
    expires_in: { type: 'integer', required: true },
    access_token: autoKey,
    refresh_token: { type: 'string', required: false, unique: true },
    authenticated_userid: text,
    scope: { type: 'string' },
  },
})

/** What an application changes for a token; no path leads to these in Kong. */
export const oauth2AuthorizationCode = defineEntity({
  name: 'oauth2_authorization_codes',
  cacheKey: ['code'],
  ttl: true,
  schemaOnly: true,
  fields: {
    ...granted,
    code: autoKey,
    authenticated_userid: text,
    scope: { type: 'string' },
    challenge: text,
    challenge_method: { type: 'string', required: false, one_of: ['S256'] },
    plugin: { type: 'foreign', reference: 'plugins', default: null, on_delete: 'cascade' },
  },
})

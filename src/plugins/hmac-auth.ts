import { definePlugin } from '../pdk/plugin.ts'
import { hmacAuthCredential } from './hmac-auth-credential.ts'

/** Authenticates by a signature over parts of the request. */
export const hmacAuth = definePlugin({
  name: 'hmac-auth',
  priority: 1030,
  unscoped: ['consumer'],
  entities: [hmacAuthCredential],
  config: {
    type: 'record',
    required: true,
    fields: {
      hide_credentials: { type: 'boolean', required: true, default: false },
      clock_skew: { type: 'number', default: 300, gt: 0 },
      anonymous: { type: 'string' },
      validate_request_body: { type: 'boolean', required: true, default: false },
      enforce_headers: { type: 'array', default: [], elements: { type: 'string' } },
      algorithms: {
        type: 'array',
        default: ['hmac-sha1', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512'],
        elements: {
          type: 'string',
          one_of: ['hmac-sha1', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512'],
        },
      },
      realm: { type: 'string', required: false },
    },
  },
})

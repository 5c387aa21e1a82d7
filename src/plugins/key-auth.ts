import { checkHeaderName } from '../entities/texts.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { keyAuthCredential } from './key-auth-credential.ts'

/** Authenticates by a key in a header, the query or the body. */
export const keyAuth = definePlugin({
  name: 'key-auth',
  priority: 1250,
  unscoped: ['consumer'],
  entities: [keyAuthCredential],
  config: {
    type: 'record',
    required: true,
    fields: {
      key_names: {
        type: 'array',
        required: true,
        default: ['apikey'],
        elements: { type: 'string', check: checkHeaderName },
      },
      hide_credentials: { type: 'boolean', required: true, default: false },
      anonymous: { type: 'string' },
      key_in_header: { type: 'boolean', required: true, default: true },
      key_in_query: { type: 'boolean', required: true, default: true },
      key_in_body: { type: 'boolean', required: true, default: false },
      run_on_preflight: { type: 'boolean', required: true, default: true },
      realm: { type: 'string', required: false },
    },
  },
})

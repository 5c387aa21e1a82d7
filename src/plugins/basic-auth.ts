import { definePlugin } from '../pdk/plugin.ts'
import { basicAuthCredential } from './basic-auth-credential.ts'

/** Authenticates by user name and password. */
export const basicAuth = definePlugin({
  name: 'basic-auth',
  priority: 1100,
  unscoped: ['consumer'],
  entities: [basicAuthCredential],
  config: {
    type: 'record',
    required: true,
    fields: {
      anonymous: { type: 'string' },
      hide_credentials: { type: 'boolean', required: true, default: false },
      realm: { type: 'string', required: true, default: 'service' },
    },
  },
})

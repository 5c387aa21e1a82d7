import { definePlugin } from '../pdk/plugin.ts'
import { jwtSecret } from './jwt-secret.ts'

/** Authenticates by signed JSON Web Tokens. */
export const jwt = definePlugin({
  name: 'jwt',
  priority: 1450,
  unscoped: ['consumer'],
  entities: [jwtSecret],
  config: {
    type: 'record',
    required: true,
    fields: {
      uri_param_names: { type: 'set', default: ['jwt'], elements: { type: 'string' } },
      cookie_names: { type: 'set', default: [], elements: { type: 'string' } },
      key_claim_name: { type: 'string', default: 'iss' },
      secret_is_base64: { type: 'boolean', required: true, default: false },
      claims_to_verify: { type: 'set', elements: { type: 'string', one_of: ['exp', 'nbf'] } },
      anonymous: { type: 'string' },
      run_on_preflight: { type: 'boolean', required: true, default: true },
      maximum_expiration: { type: 'number', default: 0, between: [0, 31536000] },
      header_names: { type: 'set', default: ['authorization'], elements: { type: 'string' } },
      realm: { type: 'string', required: false },
    },
  },
  entityChecks: [
    {
      conditional: {
        if_field: 'config.maximum_expiration',
        if_match: { gt: 0 },
        then_field: 'config.claims_to_verify',
        then_match: { contains: 'exp' },
      },
    },
  ],
})

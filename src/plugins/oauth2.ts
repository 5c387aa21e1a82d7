import { definePlugin } from '../pdk/plugin.ts'
import { strings } from './fields.ts'
import { oauth2Credential } from './oauth2-credential.ts'
import { oauth2AuthorizationCode, oauth2Token } from './oauth2-token.ts'

/** Is an OAuth 2.0 server and authenticates by its tokens. */
export const oauth2 = definePlugin({
  name: 'oauth2',
  priority: 1400,
  unscoped: ['consumer'],
  entities: [oauth2Credential, oauth2Token, oauth2AuthorizationCode],
  config: {
    type: 'record',
    required: true,
    fields: {
      scopes: strings,
      mandatory_scope: { type: 'boolean', required: true, default: false },
      provision_key: { type: 'string', required: true, auto: true, unique: true, encrypted: true },
      token_expiration: { type: 'number', required: true, default: 7200 },
      enable_authorization_code: { type: 'boolean', required: true, default: false },
      enable_implicit_grant: { type: 'boolean', required: true, default: false },
      enable_client_credentials: { type: 'boolean', required: true, default: false },
      enable_password_grant: { type: 'boolean', required: true, default: false },
      hide_credentials: { type: 'boolean', required: true, default: false },
      accept_http_if_already_terminated: { type: 'boolean', required: true, default: false },
      anonymous: { type: 'string' },
      global_credentials: { type: 'boolean', required: true, default: false },
      auth_header_name: { type: 'string', default: 'authorization' },
      refresh_token_ttl: {
        type: 'number',
        required: true,
        default: 1209600,
        between: [0, 100000000],
      },
      reuse_refresh_token: { type: 'boolean', required: true, default: false },
      pkce: { type: 'string', required: false, default: 'lax', one_of: ['none', 'lax', 'strict'] },
      realm: { type: 'string', required: false },
    },
    check: checkGrants,
    entity_checks: [
      {
        conditional: {
          if_field: 'mandatory_scope',
          if_match: { eq: true },
          then_field: 'scopes',
          then_match: { required: true },
        },
      },
    ],
  },
})

const GRANTS = [
  'enable_authorization_code',
  'enable_implicit_grant',
  'enable_client_credentials',
  'enable_password_grant',
] as const

function checkGrants(config: Readonly<Record<string, unknown>>): string | undefined {
  if (GRANTS.some((grant) => config[grant] === true)) return undefined
  return `at least one of these fields must be true: ${GRANTS.join(', ')}`
}

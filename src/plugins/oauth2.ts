import { toByteString } from '../lib/byte-string.ts'
import { authenticating } from '../pdk/authentication.ts'
import type { Exchange } from '../pdk/exchange.ts'
import { type Exit, exitJson } from '../pdk/exit.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { strings } from './fields/plain.ts'
import { accessTokenOf } from './oauth2/access-token.ts'
import { createAuthorizeEndpoint } from './oauth2/authorize.ts'
import { clearClaims, createBearer } from './oauth2/bearer.ts'
import { oauth2Credential } from './oauth2/credential.ts'
import { failure } from './oauth2/failure.ts'
import { oauth2AuthorizationCode, oauth2Token } from './oauth2/token.ts'
import { createTokenEndpoint } from './oauth2/token-endpoint.ts'

/** Is an OAuth 2.0 server and authenticates by its tokens. */
export const oauth2 = definePlugin(
  {
    name: 'oauth2',
    priority: 1400,
    unscoped: ['consumer'],
    about: {
      summary:
        'Is an OAuth 2.0 server: gives tokens to applications of consumers, and lets in whoever shows one.',
      example: {
        scopes: ['email', 'phone'],
        mandatory_scope: true,
        enable_authorization_code: true,
      },
      notes: [
        'An application is made by `POST /consumers/{consumer}/oauth2` with its `name` and `redirect_uris`.',
        'Every path of a guarded route that ends in `/oauth2/authorize` or `/oauth2/token` is answered by the plugin, over https alone. With `accept_http_if_already_terminated` a trusted peer may say `X-Forwarded-Proto: https` instead.',
        'Your login page asks `POST …/oauth2/authorize` with the `provision_key` and the `authenticated_userid` of who has logged in, and sends the browser to the `redirect_uri` it is given.',
        'A code is good once, for five minutes. An unused token goes after `refresh_token_ttl` seconds, and its refresh token with it.',
        'Tokens are rows of `oauth2_tokens`: each one given is a write to the store, and a configuration file that is loaded anew takes them away unless it lists them.',
      ],
    },
    entities: [oauth2Credential, oauth2Token, oauth2AuthorizationCode],
    config: {
      type: 'record',
      required: true,
      fields: {
        scopes: strings,
        mandatory_scope: { type: 'boolean', required: true, default: false },
        provision_key: {
          type: 'string',
          required: true,
          auto: true,
          unique: true,
          encrypted: true,
        },
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
        pkce: {
          type: 'string',
          required: false,
          default: 'lax',
          one_of: ['none', 'lax', 'strict'],
        },
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
  },
  (config, kit) => {
    const authorize = createAuthorizeEndpoint(config, kit)
    const issueToken = createTokenEndpoint(config, kit)
    const check = createBearer(config, kit)
    const places = { ...config, limit: kit.bodyLimit }
    const refuseMethod = methodRefusal(config.realm)

    const { access } = authenticating(config, kit, (exchange) => {
      const token = accessTokenOf(exchange, places)
      return token instanceof Promise
        ? token.then((found) => check(exchange, found))
        : check(exchange, token)
    })
    return {
      access(exchange) {
        const endpoint = endpointOf(exchange.request.path)
        if (endpoint === undefined) {
          clearClaims(exchange)
          return access?.(exchange)
        }
        // Kong fails there too: a token has to be good for something.
        if (exchange.service === undefined && !config.global_credentials) return NO_SERVICE
        const { method } = exchange.request
        switch (endpoint) {
          case 'token':
            return method === 'POST' ? issueToken(exchange) : refuseMethod(exchange, 'token')
          case 'authorize':
            return method === 'POST' ? authorize(exchange) : refuseMethod(exchange, 'authorization')
        }
      },
    }
  },
)

const NO_SERVICE = exitJson(500, { message: 'An unexpected error occurred' })

/** Which of the server's own paths it is; a slash behind it makes no difference. */
function endpointOf(path: string): 'token' | 'authorize' | undefined {
  const end = path.endsWith('/') ? path.length - 1 : path.length
  if (path.endsWith('/oauth2/token', end)) return 'token'
  return path.endsWith('/oauth2/authorize', end) ? 'authorize' : undefined
}

function methodRefusal(realm: string | null): (exchange: Exchange, endpoint: string) => Exit {
  const scheme = realm === null ? 'Bearer' : `Bearer realm="${realm}"`
  return ({ request: { method } }, endpoint) => {
    const description = `The HTTP method ${method} is invalid for the ${endpoint} endpoint`
    const challenge = `${scheme} error="invalid_method" error_description="${description}"`
    const headers = ['WWW-Authenticate', toByteString(challenge)]
    return exitJson(405, failure('invalid_method', description), headers)
  }
}

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

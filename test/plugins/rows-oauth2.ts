import type { Asked, PluginRow } from './rows-row.ts'

const CONFIG = {
  provision_key: 'the-provision-key',
  scopes: ['mail', 'phone'],
  enable_authorization_code: true,
  enable_client_credentials: true,
  enable_password_grant: true,
  accept_http_if_already_terminated: true,
}

/** A plugin of that configuration; keys to provision with are unique. */
function oauth2(name: string, config: object = {}) {
  return [{ name: 'oauth2', config: { ...CONFIG, provision_key: name, ...config } }]
}

const UNCACHED = { 'cache-control': 'no-store', pragma: 'no-cache' }
const SECURE = {
  'x-forwarded-proto': 'https',
  'content-type': 'application/x-www-form-urlencoded',
}
const CLIENT = { client_id: 'ann-app', client_secret: 'ann-app-secret' }

/** A request for a token, over what was HTTPS. */
function forToken(fields: Readonly<Record<string, string>>, headers: object = {}): Asked {
  const body = new URLSearchParams(fields).toString()
  return { method: 'POST', path: '/oauth2/token', headers: { ...SECURE, ...headers }, body }
}

/** A request for a code. */
function forCode(fields: Readonly<Record<string, string>>): Asked {
  return { ...forToken(fields), path: '/oauth2/authorize' }
}

const failed = (error: string, error_description: string) =>
  JSON.stringify({ error_description, error })

const NOT_PROVEN = failed('invalid_client', 'Invalid client authentication')

const bearers: readonly PluginRow[] = [
  {
    what: 'oauth2: no token',
    plugins: oauth2('no-token'),
    status: 401,
    headers: { 'www-authenticate': 'Bearer' },
    body: failed('invalid_request', 'The access token is missing'),
  },
  {
    what: 'oauth2: no token, a realm',
    plugins: oauth2('realm', { realm: 'shop' }),
    status: 401,
    headers: { 'www-authenticate': 'Bearer realm="shop"' },
  },
  {
    what: 'oauth2: an unknown token',
    plugins: oauth2('unknown'),
    asked: { headers: { authorization: 'Bearer x' } },
    status: 401,
    headers: {
      'www-authenticate':
        'Bearer error="invalid_token" error_description="The access token is invalid or has expired"',
    },
    body: failed('invalid_token', 'The access token is invalid or has expired'),
  },
  {
    what: 'oauth2: a token for everywhere, where it is not good',
    plugins: oauth2('not-global'),
    asked: { headers: { authorization: 'Bearer global-token' } },
    status: 401,
    body: failed(
      'invalid_token',
      "The access token is global, but the current plugin is configured without 'global_credentials'",
    ),
  },
  {
    what: 'oauth2: a token for everywhere, hidden',
    plugins: oauth2('global', { global_credentials: true, hide_credentials: true }),
    asked: {
      headers: { authorization: 'Bearer global-token', 'x-authenticated-userid': 'root' },
    },
    status: 200,
    upstream: {
      authorization: null,
      'x-consumer-username': 'ann',
      'x-credential-identifier': 'ann-app',
      'x-authenticated-scope': 'mail',
      'x-authenticated-userid': null,
    },
  },
  {
    what: 'oauth2: a token that was over long ago',
    plugins: oauth2('expired', { global_credentials: true }),
    asked: { headers: { authorization: 'Bearer old-token' } },
    status: 401,
    body: failed('invalid_token', 'The access token is invalid or has expired'),
  },
  {
    what: 'oauth2: nobody known, a guest',
    plugins: oauth2('guest', { anonymous: 'guest' }),
    status: 200,
    upstream: { 'x-consumer-username': 'guest', 'x-anonymous-consumer': 'true' },
  },
]

const tokens: readonly PluginRow[] = [
  {
    what: 'oauth2: a token by GET',
    plugins: oauth2('get'),
    asked: { path: '/oauth2/token' },
    status: 405,
    headers: { 'www-authenticate': /error="invalid_method"/ },
    body: failed('invalid_method', 'The HTTP method GET is invalid for the token endpoint'),
  },
  {
    what: 'oauth2: a token in the clear',
    plugins: oauth2('clear'),
    asked: forToken(
      { grant_type: 'client_credentials', ...CLIENT },
      { 'x-forwarded-proto': 'http' },
    ),
    status: 400,
    headers: UNCACHED,
    body: failed('access_denied', 'You must use HTTPS'),
  },
  {
    what: 'oauth2: a token where nobody else may say that it is HTTPS',
    plugins: oauth2('not-terminated', { accept_http_if_already_terminated: false }),
    asked: forToken({ grant_type: 'client_credentials', ...CLIENT }),
    status: 400,
    headers: UNCACHED,
    body: failed('access_denied', 'You must use HTTPS'),
  },
  {
    what: 'oauth2: a token for another secret',
    plugins: oauth2('secret'),
    asked: forToken({ grant_type: 'client_credentials', ...CLIENT, client_secret: 'x' }),
    status: 400,
    headers: UNCACHED,
    body: NOT_PROVEN,
  },
  {
    what: 'oauth2: a token for another secret in a header',
    plugins: oauth2('header-secret'),
    asked: forToken(
      { grant_type: 'client_credentials' },
      { authorization: `Basic ${btoa('ann-app:x')}` },
    ),
    status: 401,
    headers: { ...UNCACHED, 'www-authenticate': 'Basic realm="OAuth2.0"' },
    body: NOT_PROVEN,
  },
  {
    what: 'oauth2: a token for a grant that is none',
    plugins: oauth2('grant'),
    asked: forToken({ grant_type: 'wish', ...CLIENT }),
    status: 400,
    body: failed('unsupported_grant_type', 'Invalid grant_type'),
  },
  {
    what: 'oauth2: a token for a scope that is none',
    plugins: oauth2('scope'),
    asked: forToken({ grant_type: 'client_credentials', scope: 'all', ...CLIENT }),
    status: 400,
    body: failed('invalid_scope', '"all" is an invalid scope'),
  },
  {
    what: 'oauth2: a token without the scope it needs',
    plugins: oauth2('no-scope', { mandatory_scope: true }),
    asked: forToken({ grant_type: 'client_credentials', ...CLIENT }),
    status: 400,
    body: failed('invalid_scope', 'You must specify a scope'),
  },
  {
    what: 'oauth2: a token for a password, by who may not provision',
    plugins: oauth2('password'),
    asked: forToken({ grant_type: 'password', provision_key: 'x', ...CLIENT }),
    status: 400,
    body: failed('invalid_provision_key', 'Invalid provision_key'),
  },
  {
    what: 'oauth2: a token for a code that is none',
    plugins: oauth2('code'),
    asked: forToken({ grant_type: 'authorization_code', code: 'x', ...CLIENT }),
    status: 400,
    body: failed('invalid_request', 'Invalid code'),
  },
  {
    what: 'oauth2: a token for a refresh token that is none',
    plugins: oauth2('refresh'),
    asked: forToken({ grant_type: 'refresh_token', refresh_token: 'x', ...CLIENT }),
    status: 400,
    body: failed('invalid_request', 'Invalid refresh_token'),
  },
  {
    what: 'oauth2: a token',
    plugins: oauth2('token'),
    asked: forToken({ grant_type: 'client_credentials', scope: 'mail', state: 's', ...CLIENT }),
    status: 200,
    headers: UNCACHED,
    body: { token_type: 'bearer', access_token: /^\w{32}$/, expires_in: 7200, state: 's' },
    reached: 0,
  },
]

const codes: readonly PluginRow[] = [
  {
    what: 'oauth2: a code, by who may not provision',
    plugins: oauth2('code-key'),
    asked: forCode({ provision_key: 'x', response_type: 'code', client_id: 'ann-app' }),
    status: 400,
    headers: UNCACHED,
    body: failed('invalid_provision_key', 'Invalid provision_key'),
  },
  {
    what: 'oauth2: a code for nobody',
    plugins: oauth2('code-user'),
    asked: forCode({ provision_key: 'code-user', response_type: 'code', client_id: 'ann-app' }),
    status: 400,
    body: failed('invalid_authenticated_userid', 'Missing authenticated_userid parameter'),
  },
  {
    what: 'oauth2: a code of no kind',
    plugins: oauth2('code-type'),
    asked: forCode({
      provision_key: 'code-type',
      authenticated_userid: 'u',
      response_type: 'token',
      client_id: 'ann-app',
    }),
    status: 400,
    body: {
      redirect_uri: /^https:\/\/app\.test\/back\?.*error=unsupported_response_type/,
    },
  },
  {
    what: 'oauth2: a code',
    plugins: oauth2('code-good'),
    asked: forCode({
      provision_key: 'code-good',
      authenticated_userid: 'u',
      response_type: 'code',
      client_id: 'ann-app',
    }),
    status: 200,
    headers: UNCACHED,
    body: { redirect_uri: /^https:\/\/app\.test\/back\?code=\w{32}$/ },
    reached: 0,
  },
]

/** Tokens of an OAuth 2.0 server, how they are got and what they are good for. */
export const OAUTH2_ROWS: readonly PluginRow[] = [...bearers, ...tokens, ...codes]

/** Tokens that were given out before. */
export const OAUTH2_TOKENS = [
  {
    credential: { id: 'b9a1ad0e-53ae-4fe6-9f23-3bd0d1c1a6f1' },
    access_token: 'global-token',
    scope: 'mail',
    expires_in: 0,
  },
  {
    credential: { id: 'b9a1ad0e-53ae-4fe6-9f23-3bd0d1c1a6f1' },
    access_token: 'old-token',
    expires_in: 1,
    created_at: 1000,
  },
]

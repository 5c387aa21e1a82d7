import { bearer, token } from './rows-consumer.ts'
import { bare, type PluginRow } from './rows-row.ts'

const JWT = { name: 'jwt' }
const GOOD = { iss: 'ann-issuer' }
const FAR = 4102444800
const INVALID = { 'www-authenticate': 'Bearer error="invalid_token"' }

const carrying = (authorization: string) => ({ headers: { authorization } })

const unsigned = (text: string) => `Bearer ${text}`
const part = (text: string) => Buffer.from(text).toString('base64url')

const jwtRefusals: readonly PluginRow[] = [
  {
    what: 'jwt: no token',
    plugins: [JWT],
    status: 401,
    headers: { 'www-authenticate': 'Bearer', 'content-type': 'application/json; charset=utf-8' },
    body: bare('Unauthorized'),
  },
  {
    what: 'jwt: no token, a realm',
    plugins: [{ name: 'jwt', config: { realm: 'shop' } }],
    status: 401,
    headers: { 'www-authenticate': 'Bearer realm="shop"' },
    body: bare('Unauthorized'),
  },
  {
    what: 'jwt: a bad token, a realm',
    plugins: [{ name: 'jwt', config: { realm: 'shop' } }],
    asked: carrying(bearer(GOOD, 'x')),
    status: 401,
    headers: { 'www-authenticate': 'Bearer realm="shop", error="invalid_token"' },
  },
  {
    what: 'jwt: two tokens that differ',
    plugins: [JWT],
    asked: { path: `?jwt=${token({ iss: 'x' })}`, ...carrying(bearer(GOOD)) },
    status: 401,
    headers: INVALID,
    body: bare('Multiple tokens provided'),
  },
  {
    what: 'jwt: no text for a token',
    plugins: [JWT],
    asked: { path: '?jwt' },
    status: 401,
    headers: INVALID,
    body: bare('Unrecognizable token'),
  },
  {
    what: 'jwt: no token at all in it',
    plugins: [JWT],
    asked: carrying(unsigned('x.y.z')),
    status: 401,
    headers: INVALID,
    body: /^\{"message":"Bad token; invalid [A-Za-z0-9 ]+"\}$/,
  },
  {
    what: 'jwt: no claims',
    plugins: [JWT],
    asked: carrying(unsigned(`${part('{"alg":"HS256"}')}.${part('[')}.AA`)),
    status: 401,
    headers: INVALID,
    body: /^\{"message":"Bad token; invalid [A-Za-z0-9 ]+"\}$/,
  },
  {
    what: 'jwt: no algorithm at all',
    plugins: [JWT],
    asked: carrying(bearer(GOOD, 'ann-secret', { alg: 'none' })),
    status: 401,
    headers: INVALID,
    body: bare('Bad token; invalid alg'),
  },
  {
    what: 'jwt: no issuer',
    plugins: [JWT],
    asked: carrying(bearer({ sub: 'x' })),
    status: 401,
    headers: INVALID,
    body: bare("No mandatory 'iss' in claims"),
  },
  {
    what: 'jwt: an empty issuer',
    plugins: [JWT],
    asked: carrying(bearer({ iss: '' })),
    status: 401,
    headers: INVALID,
    body: bare("Invalid 'iss' in claims"),
  },
  {
    what: 'jwt: an unknown issuer',
    plugins: [JWT],
    asked: carrying(bearer({ iss: 'nobody' })),
    status: 401,
    headers: INVALID,
    body: bare("No credentials found for given 'iss'"),
  },
  {
    what: 'jwt: another algorithm than the key is for',
    plugins: [JWT],
    asked: carrying(bearer(GOOD, 'ann-secret', { alg: 'HS512' })),
    status: 401,
    headers: INVALID,
    body: bare('Invalid algorithm'),
  },
  {
    what: 'jwt: a key that is none',
    plugins: [{ name: 'jwt', config: { secret_is_base64: true } }],
    asked: carrying(bearer({ iss: 'carl-issuer' })),
    status: 401,
    headers: INVALID,
    body: bare('Invalid key/secret'),
  },
  {
    what: 'jwt: another signature',
    plugins: [JWT],
    asked: carrying(bearer(GOOD, 'x')),
    status: 401,
    headers: INVALID,
    body: bare('Invalid signature'),
  },
  {
    what: 'jwt: an expired token',
    plugins: [{ name: 'jwt', config: { claims_to_verify: ['exp'] } }],
    asked: carrying(bearer({ ...GOOD, exp: 1 })),
    status: 401,
    headers: INVALID,
    body: '{"exp":"token expired"}',
  },
  {
    what: 'jwt: a time that is no number',
    plugins: [{ name: 'jwt', config: { claims_to_verify: ['exp'] } }],
    asked: carrying(bearer({ ...GOOD, exp: `${FAR}` })),
    status: 401,
    body: '{"exp":"must be a number"}',
  },
  {
    what: 'jwt: a token of the future',
    plugins: [{ name: 'jwt', config: { claims_to_verify: ['nbf'] } }],
    asked: carrying(bearer({ ...GOOD, nbf: FAR })),
    status: 401,
    body: '{"nbf":"token not valid yet"}',
  },
  {
    what: 'jwt: a token for too long',
    plugins: [{ name: 'jwt', config: { claims_to_verify: ['exp'], maximum_expiration: 60 } }],
    asked: carrying(bearer({ ...GOOD, exp: FAR })),
    status: 401,
    body: '{"exp":"exceeds maximum allowed expiration"}',
  },
]

const jwtEffects: readonly PluginRow[] = [
  {
    what: 'jwt: a good token',
    plugins: [JWT],
    asked: carrying(bearer(GOOD)),
    status: 200,
    upstream: { 'x-consumer-username': 'ann', 'x-credential-identifier': 'ann-issuer' },
  },
  {
    what: 'jwt: a good token in the query',
    plugins: [JWT],
    asked: { path: `?jwt=${token(GOOD)}` },
    status: 200,
    upstream: { 'x-consumer-username': 'ann' },
  },
  {
    what: 'jwt: a good token in a cookie',
    plugins: [{ name: 'jwt', config: { cookie_names: ['crumb'] } }],
    asked: { headers: { cookie: `a=1; crumb=${token(GOOD)}` } },
    status: 200,
    upstream: { 'x-consumer-username': 'ann' },
  },
  {
    what: 'jwt: a good token in a header of choice',
    plugins: [{ name: 'jwt', config: { header_names: ['x-token'] } }],
    asked: { headers: { 'x-token': bearer(GOOD) } },
    status: 200,
    upstream: { 'x-consumer-username': 'ann' },
  },
  {
    what: 'jwt: an issuer by another name, in the header',
    plugins: [{ name: 'jwt', config: { key_claim_name: 'kid' } }],
    asked: carrying(bearer({}, 'ann-secret', { alg: 'HS256', kid: 'ann-issuer' })),
    status: 200,
    upstream: { 'x-consumer-username': 'ann' },
  },
  {
    what: 'jwt: an OPTIONS that is let through',
    plugins: [{ name: 'jwt', config: { run_on_preflight: false } }],
    asked: { method: 'OPTIONS' },
    status: 200,
  },
  {
    what: 'jwt: a bad token of a guest',
    plugins: [{ name: 'jwt', config: { anonymous: 'guest' } }],
    asked: carrying(bearer(GOOD, 'x')),
    status: 200,
    upstream: { 'x-consumer-username': 'guest', 'x-anonymous-consumer': 'true' },
  },
]

/** Who may pass, by a token. */
export const TOKEN_ROWS: readonly PluginRow[] = [...jwtRefusals, ...jwtEffects]

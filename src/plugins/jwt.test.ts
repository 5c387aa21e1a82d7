import { importPKCS8, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openGateway, type Rig } from '../../test/plugins/open-gateway.ts'
import { ecPair, rsaPair } from '../../test/plugins/pem-pair.ts'
import { valuesOf } from '../../test/proxy/fakes.ts'

const SECRET = 'a secret that is long enough for HS256 in jose'
const OTHER_SECRET = 'another secret that is long enough for HS256'
const RSA = rsaPair()
const P256 = ecPair('P-256')

/** The rig's clock, in seconds. */
const NOW = 1_700_000_000

const ALICE = {
  id: '4c1a4a4e-1111-4000-8000-00000000000a',
  username: 'alice',
  custom_id: 'a-1',
  jwt_secrets: [
    { id: '4c1a4a4e-1111-4000-8000-00000000000b', key: 'hs', secret: SECRET },
    { key: 'rs', algorithm: 'RS256', rsa_public_key: RSA.publicKey, secret: RSA.publicKey },
    { key: 'es', algorithm: 'ES256', rsa_public_key: P256.publicKey },
    { key: 'es-bare', algorithm: 'ES256' },
    { key: 'base64', secret: Buffer.from(SECRET).toString('base64url') },
  ],
}

function guarded(config: Readonly<Record<string, unknown>> = {}): Promise<Rig> {
  const plugins_of_route = [{ name: 'jwt', config }]
  return openGateway({ plugins_of_route, config: { consumers: [ALICE, { username: 'nobody' }] } })
}

async function sign(
  payload: JWTPayload | Record<string, unknown>,
  { secret = SECRET, ...header }: Partial<JWTHeaderParameters> & { secret?: string } = {},
): Promise<string> {
  const alg = header.alg ?? 'HS256'
  const key = alg.startsWith('HS')
    ? new TextEncoder().encode(secret)
    : await importPKCS8(secret, alg)
  return new SignJWT(payload).setProtectedHeader({ ...header, alg }).sign(key)
}

const bearer = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } })
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a request without a token', () => {
  it.each<{ why: string; path?: string; init?: RequestInit }>([
    { why: 'none' },
    { why: 'an empty argument', path: '/?jwt=' },
    { why: 'another scheme', init: { headers: { authorization: 'Basic YTpi' } } },
    { why: 'nothing behind the scheme', init: { headers: { authorization: 'Bearer ' } } },
    { why: 'another scheme in front', init: { headers: { authorization: 'Basic Bearer a.b.c' } } },
    { why: 'an unread cookie', init: { headers: { cookie: 'jwt=a.b.c' } } },
  ])('is refused: $why', async ({ path = '/', init }) => {
    const { ask, transport } = await guarded()
    const answer = await ask(path, init)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(answer.text).toBe('{"message":"Unauthorized"}')
    expect(transport.sent).toHaveLength(0)
  })
})

describe('a token that does not do', () => {
  it.each<{ why: string; token: () => string | Promise<string>; message: string }>([
    { why: 'no token', token: () => 'x', message: 'Bad token; invalid JSON' },
    {
      why: 'none for an algorithm',
      token: () => `${encode({ alg: 'none' })}.${encode({ iss: 'hs' })}.`,
      message: 'Bad token; invalid alg',
    },
    {
      why: 'claims that are none',
      token: () => `${encode({ alg: 'HS256' })}.${encode([])}.AAAA`,
      message: 'Bad token; invalid claims',
    },
    {
      why: 'a signature that is none',
      token: () => `${encode({ alg: 'HS256' })}.${encode({ iss: 'hs' })}.*`,
      message: 'Bad token; invalid signature',
    },
    { why: 'no key named', token: () => sign({}), message: "No mandatory 'iss' in claims" },
    {
      why: 'no key named, but for what objects have of their own',
      token: () => sign({ sub: 'hs' }),
      message: "No mandatory 'iss' in claims",
    },
    { why: 'an empty key', token: () => sign({ iss: '' }), message: "Invalid 'iss' in claims" },
    {
      why: 'an unknown key',
      token: () => sign({ iss: 'eve' }),
      message: "No credentials found for given 'iss'",
    },
    {
      why: "an object's own name for a key",
      token: () => sign({ iss: '__proto__' }),
      message: "No credentials found for given 'iss'",
    },
    {
      why: 'a key that is no text',
      token: () => sign({ iss: 5 }),
      message: "No credentials found for given 'iss'",
    },
    {
      why: 'another algorithm than stored',
      token: () => sign({ iss: 'hs' }, { alg: 'HS384' }),
      message: 'Invalid algorithm',
    },
    {
      why: 'a public key used as a secret',
      token: () => sign({ iss: 'rs' }, { secret: RSA.publicKey }),
      message: 'Invalid algorithm',
    },
    {
      why: 'no public key stored',
      token: () => sign({ iss: 'es-bare' }, { alg: 'ES256', secret: P256.privateKey }),
      message: 'Invalid key/secret',
    },
    {
      why: 'another secret',
      token: () => sign({ iss: 'hs' }, { secret: OTHER_SECRET }),
      message: 'Invalid signature',
    },
    {
      why: 'no signature',
      token: async () => (await sign({ iss: 'hs' })).replace(/[^.]+$/, ''),
      message: 'Invalid signature',
    },
    {
      why: "another token's signature",
      token: async () => {
        const [header, , signature] = (await sign({ iss: 'hs' })).split('.')
        return `${header}.${encode({ iss: 'hs', admin: true })}.${signature}`
      },
      message: 'Invalid signature',
    },
  ])('is refused: $why', async ({ token, message }) => {
    const { ask, transport } = await guarded()
    const answer = await ask('/', bearer(await token()))
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
    expect(answer.json).toEqual({ message })
    expect(transport.sent).toHaveLength(0)
  })

  it('stays refused however often it comes, between good ones', async () => {
    const { ask } = await guarded()
    const good = await sign({ iss: 'hs' })
    const bad = `${good.slice(0, good.lastIndexOf('.'))}.AAAA`
    const statuses = []
    for (const token of [bad, good, bad, good]) {
      statuses.push((await ask('/', bearer(token))).status)
    }
    expect(statuses).toEqual([401, 200, 401, 200])
  })

  it('is told the realm', async () => {
    const { ask } = await guarded({ realm: 'ours' })
    expect((await ask('/')).headers.get('www-authenticate')).toBe('Bearer realm="ours"')
    const answer = await ask('/', bearer('x'))
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer realm="ours", error="invalid_token"',
    )
  })

  it.each([
    { path: '/?jwt=a&jwt=b', headers: {}, message: 'Multiple tokens provided' },
    {
      path: '/?jwt=a',
      headers: { authorization: 'Bearer b' },
      message: 'Multiple tokens provided',
    },
    { path: '/?jwt', headers: {}, message: 'Unrecognizable token' },
  ])('is refused: $path $headers', async ({ path, headers, message }) => {
    const { ask } = await guarded()
    const answer = await ask(path, { headers })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
    expect(answer.json).toEqual({ message })
  })
})

describe('the times in a token', () => {
  it.each<{ claims: Record<string, unknown>; config: Record<string, unknown>; errors: unknown }>([
    { claims: { exp: NOW }, config: {}, errors: { exp: 'token expired' } },
    { claims: { exp: NOW + 1 }, config: {}, errors: undefined },
    {
      claims: { nbf: NOW + 1 },
      config: { claims_to_verify: ['nbf'] },
      errors: { nbf: 'token not valid yet' },
    },
    { claims: { nbf: NOW }, config: { claims_to_verify: ['nbf'] }, errors: undefined },
    { claims: { nbf: NOW + 1 }, config: { claims_to_verify: null }, errors: undefined },
    {
      claims: { exp: '9999999999' },
      config: { claims_to_verify: ['exp', 'nbf'] },
      errors: { exp: 'must be a number', nbf: 'must be a number' },
    },
    {
      claims: { exp: NOW + 61 },
      config: { maximum_expiration: 60 },
      errors: { exp: 'exceeds maximum allowed expiration' },
    },
    { claims: { exp: NOW + 60 }, config: { maximum_expiration: 60 }, errors: undefined },
  ])('$claims under $config: $errors', async ({ claims, config, errors }) => {
    const { ask } = await guarded({ claims_to_verify: ['exp'], ...config })
    const answer = await ask('/', bearer(await sign({ iss: 'hs', ...claims })))
    expect(answer.status).toBe(errors === undefined ? 200 : 401)
    if (errors === undefined) return
    expect(answer.json).toEqual(errors)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
  })

  it('are told of with nbf first', async () => {
    const { ask } = await guarded({ claims_to_verify: ['exp', 'nbf'] })
    const answer = await ask('/', bearer(await sign({ iss: 'hs' })))
    expect(answer.text).toBe('{"nbf":"must be a number","exp":"must be a number"}')
  })

  it('count each time, whatever is remembered of the signature', async () => {
    const { ask, runtime } = await guarded({ claims_to_verify: ['exp'] })
    const init = bearer(await sign({ iss: 'hs', exp: NOW + 10 }))
    expect((await ask('/', init)).status).toBe(200)
    runtime.time += 10_000
    expect((await ask('/', init)).json).toEqual({ exp: 'token expired' })
  })
})

describe('a good token', () => {
  const places: { where: string; ask: (token: string) => readonly [string, RequestInit] }[] = [
    { where: 'the header', ask: (token) => ['/', bearer(token)] },
    {
      where: 'lower case',
      ask: (token) => ['/', { headers: { authorization: `bearer  ${token}` } }],
    },
    { where: 'the query', ask: (token) => [`/?jwt=${token}`, {}] },
    {
      where: 'the query, twice the same',
      ask: (token) => [`/?jwt=${token}&jwt=${token}`, bearer(token)],
    },
    { where: 'another argument', ask: (token) => [`/?token=${token}`, {}] },
    { where: 'a cookie', ask: (token) => ['/', { headers: { cookie: `a=b; Crumb=${token}` } }] },
    {
      where: 'another header',
      ask: (token) => ['/', { headers: { 'x-token': `Bearer ${token}` } }],
    },
    {
      where: 'a header with hyphens for underscores',
      ask: (token) => ['/', { headers: { 'my-token': `Bearer ${token}` } }],
    },
  ]
  it.each(places)(
    'in $where lets its consumer in, and tells the upstream',
    async ({ ask: how }) => {
      const { ask, transport } = await guarded({
        uri_param_names: ['jwt', 'token'],
        cookie_names: ['crumb'],
        header_names: ['authorization', 'x-token', 'my_token'],
      })
      const answer = await ask(...how(await sign({ iss: 'hs' })))
      expect(answer.status).toBe(200)
      const headers = transport.sent[0]?.headers ?? []
      expect(valuesOf(headers, 'x-consumer-id')).toEqual([ALICE.id])
      expect(valuesOf(headers, 'x-consumer-username')).toEqual(['alice'])
      expect(valuesOf(headers, 'x-consumer-custom-id')).toEqual(['a-1'])
      expect(valuesOf(headers, 'x-credential-identifier')).toEqual(['hs'])
    },
  )

  it.each([
    { alg: 'RS256', iss: 'rs', secret: RSA.privateKey },
    { alg: 'ES256', iss: 'es', secret: P256.privateKey },
  ])('may be signed with $alg', async ({ iss, ...how }) => {
    const { ask } = await guarded()
    expect((await ask('/', bearer(await sign({ iss }, how)))).status).toBe(200)
  })

  it('may name its key in another claim, or in its header', async () => {
    const { ask } = await guarded({ key_claim_name: 'kid' })
    expect((await ask('/', bearer(await sign({ kid: 'hs' })))).status).toBe(200)
    expect((await ask('/', bearer(await sign({}, { kid: 'hs' })))).status).toBe(200)
    expect((await ask('/', bearer(await sign({ iss: 'hs' })))).json).toEqual({
      message: "No mandatory 'kid' in claims",
    })
  })

  it('may be signed with what base64 spells', async () => {
    const { ask } = await guarded({ secret_is_base64: true })
    expect((await ask('/', bearer(await sign({ iss: 'base64' })))).status).toBe(200)
    const other = await ask('/', bearer(await sign({ iss: 'hs' })))
    expect(other.json).toEqual({ message: 'Invalid key/secret' })
  })

  it.each([
    { alg: 'RS256', iss: 'rs', secret: RSA.privateKey },
    { alg: 'ES256', iss: 'es', secret: P256.privateKey },
  ])('of $alg has its public key as it is, whatever base64 spells', async ({ iss, ...how }) => {
    const { ask } = await guarded({ secret_is_base64: true })
    expect((await ask('/', bearer(await sign({ iss }, how)))).status).toBe(200)
  })

  it('is checked once, until its key changes', async () => {
    const verify = vi.spyOn(crypto.subtle, 'verify')
    const { ask, admin } = await guarded()
    const init = bearer(await sign({ iss: 'hs' }))
    for (let i = 0; i < 3; i++) expect((await ask('/', init)).status).toBe(200)
    expect(verify).toHaveBeenCalledTimes(1)
    const path = `/consumers/alice/jwt/${ALICE.jwt_secrets[0]?.id}`
    expect((await admin('PATCH', path, { secret: OTHER_SECRET })).status).toBe(200)
    expect((await ask('/', init)).json).toEqual({ message: 'Invalid signature' })
    expect((await admin('DELETE', path)).status).toBe(204)
    expect((await ask('/', init)).json).toEqual({
      message: "No credentials found for given 'iss'",
    })
  })
})

it('takes somebody without a good token for the anonymous consumer', async () => {
  const { ask, transport } = await guarded({ anonymous: 'nobody' })
  await ask('/', bearer('x'))
  const headers = transport.sent[0]?.headers ?? []
  expect(valuesOf(headers, 'x-consumer-username')).toEqual(['nobody'])
  expect(valuesOf(headers, 'x-anonymous-consumer')).toEqual(['true'])
})

it.each([
  { preflight: true, status: 401 },
  { preflight: false, status: 200 },
])('asks OPTIONS for a token: $preflight', async ({ preflight, status }) => {
  const { ask } = await guarded({ run_on_preflight: preflight })
  expect((await ask('/', { method: 'OPTIONS' })).status).toBe(status)
})

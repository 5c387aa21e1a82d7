import { describe, expect, it } from 'vitest'
import { codeFor, oauth2Gateway, posted, tokenFor } from '../../../test/oauth2/oauth2-gateway.ts'
import { encodeBase64Url } from '../../lib/base64.ts'
import { sha256 } from '../../lib/sha256.ts'

const CODE = { grant_type: 'authorization_code' }
const PASSWORD = {
  grant_type: 'password',
  provision_key: 'provision',
  authenticated_userid: 'id123',
}
const VERIFIER = 'v'.repeat(43)
const CHALLENGE = encodeBase64Url(sha256(new TextEncoder().encode(VERIFIER)))
const basic = (text: string) => ({ authorization: `Basic ${btoa(text)}` })

describe('a client that is not to be trusted', () => {
  const invalid = { error_description: 'Invalid client authentication', error: 'invalid_client' }
  const unsupported = {
    error_description: 'Invalid grant_type',
    error: 'unsupported_grant_type',
  }
  it.each<{
    why: string
    fields: Record<string, string>
    headers?: Record<string, string>
    config?: object
    status?: number
    body: object
  }>([
    { why: 'nothing at all', fields: {}, body: invalid },
    {
      why: 'an unknown grant',
      fields: { client_id: 'web', client_secret: 'secret', grant_type: 'wot', state: 'wot' },
      body: { ...unsupported, state: 'wot' },
    },
    {
      why: 'a grant that is not enabled',
      config: { enable_password_grant: false },
      fields: { client_id: 'web', client_secret: 'secret', ...PASSWORD },
      body: unsupported,
    },
    {
      why: 'credentials where they are not enabled',
      config: { enable_client_credentials: false },
      fields: { client_id: 'web', client_secret: 'secret', grant_type: 'client_credentials' },
      body: unsupported,
    },
    {
      why: 'a wrong secret',
      fields: { client_id: 'web', client_secret: 'no', ...CODE },
      body: invalid,
    },
    { why: 'no secret', fields: { client_id: 'web', ...CODE }, body: invalid },
    {
      why: 'a wrong header',
      fields: CODE,
      headers: basic('web:no'),
      status: 401,
      body: invalid,
    },
    {
      why: 'another header',
      fields: { client_id: 'web', ...CODE },
      headers: { authorization: 'Bearer x' },
      status: 401,
      body: invalid,
    },
    {
      why: 'a public client with a secret',
      fields: { client_id: 'app', client_secret: 'x', ...CODE },
      body: {
        error_description: 'client_secret is disallowed for public clients',
        error: 'invalid_request',
      },
    },
    {
      why: 'another redirect URI',
      fields: { client_id: 'web', client_secret: 'secret', redirect_uri: 'http://x', ...CODE },
      body: {
        error_description:
          'Invalid redirect_uri that does not match with any redirect_uri created with the application',
        error: 'invalid_request',
      },
    },
    {
      why: 'an unknown one with client credentials',
      fields: { client_id: 'x', client_secret: 'x', grant_type: 'client_credentials' },
      body: invalid,
    },
  ])('is refused: $why', async ({ fields, headers, config, status = 400, body }) => {
    const { ask } = await oauth2Gateway({ ...config })
    const answer = await ask('/oauth2/token', posted(fields, headers))
    expect([answer.status, answer.json]).toEqual([status, body])
    expect(answer.headers.get('www-authenticate')).toBe(
      status === 401 ? 'Basic realm="OAuth2.0"' : null,
    )
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('pragma')).toBe('no-cache')
  })
})

describe('a code', () => {
  const wrong = { error_description: 'Invalid code', error: 'invalid_request' }

  it('is changed for a token, once', async () => {
    const rig = await oauth2Gateway()
    const code = await codeFor(rig, { scope: 'email' })
    const { answer } = await tokenFor(rig, { ...CODE, code, state: 's' })
    expect(answer.status).toBe(200)
    expect(answer.text).toMatch(
      /^\{"refresh_token":"\w{32}","token_type":"bearer","state":"s","access_token":"\w{32}","expires_in":7200\}$/,
    )
    const again = await tokenFor(rig, { ...CODE, code })
    expect([again.answer.status, again.answer.json]).toEqual([400, wrong])
  })

  it('gets one token when two come at once', async () => {
    const rig = await oauth2Gateway()
    const code = await codeFor(rig)
    const both = await Promise.all([1, 2].map(() => tokenFor(rig, { ...CODE, code })))
    expect(both.map(({ answer }) => answer.status).sort()).toEqual([200, 400])
  })

  it.each<{ why: string; spoil: (code: string) => Record<string, string>; later?: number }>([
    { why: 'none', spoil: () => ({}) },
    { why: 'unknown', spoil: () => ({ code: 'x' }) },
    { why: 'of another client', spoil: (code) => ({ code, client_id: 'two' }) },
    { why: 'too old', spoil: (code) => ({ code }), later: 301_000 },
  ])('is refused: $why', async ({ spoil, later = 0 }) => {
    const rig = await oauth2Gateway()
    const code = await codeFor(rig)
    rig.runtime.time += later
    const { answer } = await tokenFor(rig, { ...CODE, ...spoil(code) })
    expect([answer.status, answer.json]).toEqual([400, wrong])
  })

  it('is good at the plugin that gave it', async () => {
    const rig = await oauth2Gateway({ global_credentials: true })
    const config = {
      enable_authorization_code: true,
      global_credentials: true,
      accept_http_if_already_terminated: true,
    }
    await rig.admin('POST', '/services/echo/routes', { name: 'other', paths: ['/other'] })
    await rig.admin('POST', '/routes/other/plugins', { name: 'oauth2', config })
    const code = await codeFor(rig)
    const fields = { client_id: 'web', client_secret: 'secret', ...CODE, code }
    expect((await rig.ask('/other/oauth2/token', posted(fields))).json).toEqual(wrong)
    expect((await rig.ask('/oauth2/token', posted(fields))).status).toBe(200)
  })

  it('is good at another plugin of its service, where tokens are of the service', async () => {
    const rig = await oauth2Gateway()
    const config = { enable_authorization_code: true, accept_http_if_already_terminated: true }
    await rig.admin('POST', '/services/echo/routes', { name: 'other', paths: ['/other'] })
    await rig.admin('POST', '/routes/other/plugins', { name: 'oauth2', config })
    const code = await codeFor(rig)
    const fields = { client_id: 'web', client_secret: 'secret', ...CODE, code }
    expect((await rig.ask('/other/oauth2/token', posted(fields))).status).toBe(200)
  })

  it.each<{ why: string; fields: Record<string, string>; told?: object }>([
    { why: 'the right one', fields: { code_verifier: VERIFIER } },
    {
      why: 'none',
      fields: {},
      told: {
        error_description: 'code_verifier is required for PKCE authorization requests',
        error: 'invalid_request',
      },
    },
    {
      why: 'a short one',
      fields: { code_verifier: 'short' },
      told: {
        error_description: 'code_verifier must be between 43 and 128 characters',
        error: 'invalid_request',
      },
    },
    {
      why: 'another',
      fields: { code_verifier: 'w'.repeat(43) },
      told: { error_description: 'Invalid code', error: 'invalid_grant' },
    },
  ])('with a challenge needs its verifier: $why', async ({ fields, told }) => {
    const rig = await oauth2Gateway()
    const challenge = { code_challenge: `${CHALLENGE}=`, code_challenge_method: 's256' }
    const code = await codeFor(rig, { client_id: 'app', ...challenge })
    const asked = posted({ client_id: 'app', ...CODE, code, ...fields })
    const answer = await rig.ask('/oauth2/token', asked)
    expect(answer.status).toBe(told === undefined ? 200 : 400)
    if (told !== undefined) expect(answer.json).toEqual(told)
  })

  it('of a public client needs none where nobody asks for it', async () => {
    const rig = await oauth2Gateway({ pkce: 'none' })
    const code = await codeFor(rig, { client_id: 'app' })
    const answer = await rig.ask('/oauth2/token', posted({ client_id: 'app', ...CODE, code }))
    expect(answer.status).toBe(200)
  })
})

describe('a client on its own behalf', () => {
  const grant = { client_id: 'machine', grant_type: 'client_credentials' }

  it('gets a token without a way to refresh it, by its header too', async () => {
    const rig = await oauth2Gateway()
    const { answer } = await tokenFor(rig, { ...grant, scope: 'email profile' })
    expect(answer.text).toMatch(
      /^\{"token_type":"bearer","access_token":"\w{32}","expires_in":7200\}$/,
    )
    const fields = { grant_type: 'client_credentials' }
    const asked = await rig.ask('/oauth2/token', posted(fields, basic('machine:secret')))
    expect(asked.status).toBe(200)
  })

  it.each<{ fields: Record<string, string>; status: number; error?: string }>([
    { fields: { authenticated_userid: 'u' }, status: 400, error: 'invalid_provision_key' },
    { fields: { authenticated_userid: 'u', provision_key: 'provision' }, status: 200 },
    { fields: { scope: 'wot' }, status: 400, error: 'invalid_scope' },
  ])('may say $fields: $status', async ({ fields, status, error }) => {
    const rig = await oauth2Gateway()
    const { answer } = await tokenFor(rig, { ...grant, ...fields })
    expect(answer.status).toBe(status)
    if (error !== undefined) expect(answer.json).toMatchObject({ error })
  })

  it('proves itself by a secret that is kept as a hash', async () => {
    const rig = await oauth2Gateway()
    const made = await rig.admin('POST', '/consumers/bob/oauth2', {
      name: 'hashed',
      client_id: 'hashed',
      client_secret: 'kept well',
      hash_secret: true,
    })
    expect(made.status).toBe(201)
    const asked = (client_secret: string) =>
      tokenFor(rig, { ...grant, client_id: 'hashed', client_secret })
    expect((await asked('kept well')).answer.status).toBe(200)
    expect((await asked('another')).answer.json).toMatchObject({ error: 'invalid_client' })
  })
})

describe('a password grant', () => {
  it.each<{ fields: Record<string, string>; body: object }>([
    {
      fields: { provision_key: 'x' },
      body: { error_description: 'Invalid provision_key', error: 'invalid_provision_key' },
    },
    {
      fields: { authenticated_userid: '' },
      body: {
        error_description: 'Missing authenticated_userid parameter',
        error: 'invalid_authenticated_userid',
      },
    },
    {
      fields: { scope: 'wot' },
      body: { error_description: '"wot" is an invalid scope', error: 'invalid_scope' },
    },
  ])('is refused with $fields', async ({ fields, body }) => {
    const rig = await oauth2Gateway()
    const { answer } = await tokenFor(rig, { ...PASSWORD, ...fields })
    expect([answer.status, answer.json]).toEqual([400, body])
  })
})

describe('a refresh token', () => {
  const refresh = (refresh_token: string) => ({ grant_type: 'refresh_token', refresh_token })

  it('is changed for a new token, and the old one goes', async () => {
    const rig = await oauth2Gateway()
    const first = await tokenFor(rig, PASSWORD)
    const second = await tokenFor(rig, refresh(first.refresh_token))
    expect(second.answer.status).toBe(200)
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect((await rig.ask(`/?access_token=${first.access_token}`)).status).toBe(401)
    expect((await rig.ask(`/?access_token=${second.access_token}`)).status).toBe(200)
    const again = await tokenFor(rig, refresh(first.refresh_token))
    expect(again.answer.json).toEqual({
      error_description: 'Invalid refresh_token',
      error: 'invalid_request',
    })
  })

  it('stays the same where it may be used again', async () => {
    const rig = await oauth2Gateway({ reuse_refresh_token: true, token_expiration: 5 })
    const first = await tokenFor(rig, PASSWORD)
    rig.runtime.time += 6000
    const second = await tokenFor(rig, refresh(first.refresh_token))
    expect(second.refresh_token).toBe(first.refresh_token)
    expect(second.access_token).not.toBe(first.access_token)
    expect((await rig.ask(`/?access_token=${second.access_token}`)).status).toBe(200)
    expect((await tokenFor(rig, refresh(first.refresh_token))).answer.status).toBe(200)
  })

  it.each([
    { scopes: ['profile'], status: 400 },
    { scopes: ['email', 'other'], status: 200 },
    { scopes: null, status: 400 },
  ])('is good while $scopes have its scopes: $status', async ({ scopes, status }) => {
    const rig = await oauth2Gateway()
    const { refresh_token } = await tokenFor(rig, { ...PASSWORD, scope: 'email' })
    const { json } = await rig.admin('GET', '/plugins')
    const [{ id }] = (json as { data: [{ id: string }] }).data
    await rig.admin('PATCH', `/plugins/${id}`, { config: { scopes } })
    const { answer } = await tokenFor(rig, refresh(refresh_token))
    expect(answer.status).toBe(status)
    if (status === 400) {
      expect(answer.json).toEqual({ error_description: 'Scope mismatch', error: 'invalid_scope' })
    }
  })

  it("is the client's it was given to", async () => {
    const rig = await oauth2Gateway()
    const { refresh_token } = await tokenFor(rig, PASSWORD)
    const { answer } = await tokenFor(rig, { ...refresh(refresh_token), client_id: 'two' })
    expect([answer.status, answer.json]).toEqual([
      400,
      { error_description: 'Invalid client authentication', error: 'invalid_client' },
    ])
  })

  it.each([
    { refresh_token_ttl: 60, status: 400 },
    { refresh_token_ttl: 0, status: 200 },
  ])('lives as long as $refresh_token_ttl says', async ({ refresh_token_ttl, status }) => {
    const rig = await oauth2Gateway({ refresh_token_ttl })
    const { refresh_token } = await tokenFor(rig, PASSWORD)
    rig.runtime.time += 61_000
    expect((await tokenFor(rig, refresh(refresh_token))).answer.status).toBe(status)
  })
})

it('reads a multipart form', async () => {
  const { ask } = await oauth2Gateway()
  const body = new FormData()
  const fields = { client_id: 'web', client_secret: 'secret', ...PASSWORD }
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  const headers = { 'X-Forwarded-Proto': 'https' }
  expect((await ask('/oauth2/token', { method: 'POST', headers, body })).status).toBe(200)
})

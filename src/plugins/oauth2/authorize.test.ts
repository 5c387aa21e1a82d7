import { describe, expect, it } from 'vitest'
import { LOGIN, oauth2Gateway, posted, REDIRECT } from '../../../test/oauth2/oauth2-gateway.ts'

describe('a request to authorize that is not whole', () => {
  it.each([
    {
      why: 'no provision key',
      fields: { provision_key: '' },
      body: { error_description: 'Invalid provision_key', error: 'invalid_provision_key' },
    },
    {
      why: 'no user',
      fields: { authenticated_userid: ' ', state: 's' },
      body: {
        error_description: 'Missing authenticated_userid parameter',
        error: 'invalid_authenticated_userid',
        state: 's',
      },
    },
    {
      why: 'no client',
      fields: { client_id: '' },
      body: { error_description: 'Invalid client authentication', error: 'invalid_client' },
    },
    {
      why: 'a client without redirect URI',
      fields: { client_id: 'machine' },
      body: { error_description: 'Invalid client authentication', error: 'invalid_client' },
    },
  ])('is told so: $why', async ({ fields, body }) => {
    const { ask } = await oauth2Gateway()
    const answer = await ask('/oauth2/authorize', posted({ ...LOGIN, ...fields }))
    expect([answer.status, answer.json]).toEqual([400, body])
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('pragma')).toBe('no-cache')
  })

  // Kong: small hexadecimal digits.
  const words = (error: string, description: string) =>
    `error=${error}&error_description=${encodeURIComponent(description).replace('%2C', '%2c')}`
  it.each<{ why: string; fields: Record<string, string>; config?: object; told: string }>([
    {
      why: 'no scope',
      config: { mandatory_scope: true },
      fields: {},
      told: words('invalid_scope', 'You must specify a scope'),
    },
    {
      why: 'an unknown scope',
      fields: { scope: 'email wot' },
      told: words('invalid_scope', '"wot" is an invalid scope'),
    },
    {
      why: 'no response type',
      fields: { response_type: '', state: 'some state' },
      told: `${words('unsupported_response_type', 'Invalid response_type')}&state=some%20state`,
    },
    {
      why: 'a code where there are none',
      config: { enable_authorization_code: false },
      fields: {},
      told: words('unsupported_response_type', 'Invalid response_type'),
    },
    {
      why: 'a token where there are none',
      config: { enable_implicit_grant: false },
      fields: { response_type: 'token' },
      told: words('unsupported_response_type', 'Invalid response_type'),
    },
    {
      why: 'another redirect URI',
      fields: { redirect_uri: 'http://evil.com/' },
      told: words(
        'invalid_request',
        'Invalid redirect_uri that does not match with any redirect_uri created with the application',
      ),
    },
    {
      why: 'a public client without challenge',
      fields: { client_id: 'app' },
      told: words('invalid_request', 'code_challenge is required for public clients'),
    },
    {
      why: 'no challenge where all need one',
      config: { pkce: 'strict' },
      fields: {},
      told: words('invalid_request', 'code_challenge is required for public clients'),
    },
    {
      why: 'a method without challenge',
      fields: { code_challenge_method: 'S256' },
      told: words('invalid_request', 'code_challenge is required when code_method is present'),
    },
    {
      why: 'another method',
      fields: { code_challenge: 'abc', code_challenge_method: 'plain' },
      told: words('invalid_request', 'code_challenge_method is not supported, must be S256'),
    },
  ])('sends the browser back with the reason: $why', async ({ fields, config, told }) => {
    const { ask } = await oauth2Gateway({ ...config })
    const answer = await ask('/oauth2/authorize', posted({ ...LOGIN, ...fields }))
    expect([answer.status, answer.json]).toEqual([400, { redirect_uri: `${REDIRECT}?${told}` }])
  })
})

describe('a request to authorize', () => {
  it.each<{ why: string; fields: Record<string, string>; uri: RegExp }>([
    { why: 'plain', fields: {}, uri: /^http:\/\/google\.com\/kong\?code=\w{32}$/ },
    {
      why: 'with a state',
      fields: { state: 'hello' },
      uri: /^http:\/\/google\.com\/kong\?code=\w{32}&state=hello$/,
    },
    {
      why: 'with a state of all sorts',
      fields: { state: 'a-b.c~d_é!' },
      uri: /^http:\/\/google\.com\/kong\?code=\w{32}&state=a%2db%2ec%7ed_%c3%a9%21$/,
    },
    {
      why: "of a client whose URI has a query, by the client's first URI",
      fields: { client_id: 'two' },
      uri: /^http:\/\/one\.com\/one\/\?code=\w{32}&foo=bar$/,
    },
    {
      why: 'to another of its URIs',
      fields: { client_id: 'two', redirect_uri: 'http://two.com/two' },
      uri: /^http:\/\/two\.com\/two\?code=\w{32}$/,
    },
    {
      why: 'for a token',
      fields: { response_type: 'token', state: 'a b' },
      uri: /^http:\/\/google\.com\/kong#access_token=\w{32}&expires_in=7200&state=a%20b&token_type=bearer$/,
    },
  ])('is answered with a way back: $why', async ({ fields, uri }) => {
    const { ask } = await oauth2Gateway()
    const answer = await ask('/oauth2/authorize', posted({ ...LOGIN, ...fields }))
    expect(answer.status).toBe(200)
    expect((answer.json as { redirect_uri: string }).redirect_uri).toMatch(uri)
  })

  it('may be JSON, or stand in the query', async () => {
    const { ask } = await oauth2Gateway()
    const headers = { 'X-Forwarded-Proto': 'https', 'content-type': 'application/json' }
    const json = await ask('/oauth2/authorize', {
      method: 'POST',
      headers,
      body: JSON.stringify(LOGIN),
    })
    expect(json.status).toBe(200)
    const query = new URLSearchParams(LOGIN).toString()
    const inQuery = await ask(`/oauth2/authorize?${query}`, { method: 'POST', headers })
    expect(inQuery.status).toBe(200)
  })
})

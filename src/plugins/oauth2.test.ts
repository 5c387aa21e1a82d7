import { describe, expect, it } from 'vitest'
import { codeFor, oauth2Gateway, posted, tokenFor } from '../../test/oauth2/oauth2-gateway.ts'
import { openGateway } from '../../test/plugins/open-gateway.ts'
import { clientRequest, textOf, valuesOf } from '../../test/proxy/fakes.ts'
import { definePlugin } from '../pdk/plugin.ts'

function multipart(token: string): FormData {
  const form = new FormData()
  form.append('access_token', token)
  return form
}

/** Knows everybody, before oauth2 looks. */
const knowing = definePlugin(
  { name: 'knowing', priority: 2000, config: { type: 'record', required: true, fields: {} } },
  () => ({
    access({ client }) {
      client.authenticate(undefined, { id: 'somebody' })
      return undefined
    },
  }),
)

const PASSWORD = {
  grant_type: 'password',
  provision_key: 'provision',
  authenticated_userid: 'id123',
  scope: 'email',
}

describe('a request without a good token', () => {
  const missing = { error_description: 'The access token is missing', error: 'invalid_request' }
  const invalid = {
    error_description: 'The access token is invalid or has expired',
    error: 'invalid_token',
  }
  const challenge =
    'Bearer error="invalid_token" error_description="The access token is invalid or has expired"'
  it.each([
    { why: 'none', path: '/', headers: {}, body: missing, www: 'Bearer' },
    { why: 'an empty one', path: '/?access_token=', headers: {}, body: missing, www: 'Bearer' },
    {
      why: 'two',
      path: '/?access_token=a&access_token=b',
      headers: {},
      body: missing,
      www: 'Bearer',
    },
    { why: 'unknown', path: '/?access_token=x', headers: {}, body: invalid, www: challenge },
    {
      why: 'unknown in the header',
      path: '/',
      headers: { authorization: 'Bearer x' },
      body: invalid,
      www: challenge,
    },
    {
      why: 'another scheme',
      path: '/?access_token=x',
      headers: { authorization: 'Basic x' },
      body: invalid,
      www: challenge,
    },
    {
      why: "an object's own name",
      path: '/?access_token=__proto__',
      headers: {},
      body: invalid,
      www: challenge,
    },
  ])('is refused: $why', async ({ path, headers, body, www }) => {
    const { ask, transport } = await oauth2Gateway()
    const answer = await ask(path, { headers })
    expect(answer.status).toBe(401)
    expect(answer.json).toEqual(body)
    expect(answer.headers.get('www-authenticate')).toBe(www)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(transport.sent).toHaveLength(0)
  })

  it('names the realm', async () => {
    const { ask } = await oauth2Gateway({ realm: 'ours' })
    expect((await ask('/')).headers.get('www-authenticate')).toBe('Bearer realm="ours"')
    const unknown = await ask('/?access_token=x')
    expect(unknown.headers.get('www-authenticate')).toBe(
      'Bearer realm="ours" error="invalid_token" error_description="The access token is invalid or has expired"',
    )
  })

  it('passes as the anonymous consumer, and as nobody more', async () => {
    const { ask, transport } = await oauth2Gateway({ anonymous: 'nobody' })
    const headers = { 'X-Authenticated-Userid': 'admin', 'X-Authenticated-Scope': 'all' }
    expect((await ask('/', { headers })).status).toBe(200)
    const sent = transport.sent[0]?.headers ?? []
    expect(valuesOf(sent, 'x-consumer-username')).toEqual(['nobody'])
    expect(valuesOf(sent, 'x-anonymous-consumer')).toEqual(['true'])
    expect(valuesOf(sent, 'x-authenticated-userid')).toEqual([])
    expect(valuesOf(sent, 'x-authenticated-scope')).toEqual([])
  })

  it('is told of no token when somebody else knew it already', async () => {
    const config = { anonymous: 'nobody', enable_client_credentials: true }
    const { ask, transport } = await openGateway({
      plugins: [knowing],
      plugins_of_route: [{ name: 'knowing' }, { name: 'oauth2', config }],
      config: { consumers: [{ username: 'nobody' }] },
    })
    const headers = { 'X-Authenticated-Userid': 'admin', 'X-Authenticated-Scope': 'all' }
    expect((await ask('/', { headers })).status).toBe(200)
    const sent = transport.sent[0]?.headers ?? []
    expect(valuesOf(sent, 'x-authenticated-userid')).toEqual([])
    expect(valuesOf(sent, 'x-authenticated-scope')).toEqual([])
  })
})

describe('a good token', () => {
  it.each<{ where: string; ask: (token: string) => readonly [string, RequestInit] }>([
    { where: 'header', ask: (t) => ['/', { headers: { authorization: `Bearer ${t}` } }] },
    { where: 'header, token', ask: (t) => ['/', { headers: { authorization: `token ${t}` } }] },
    { where: 'query', ask: (t) => [`/?access_token=${t}`, {}] },
    { where: 'form', ask: (t) => ['/', posted({ access_token: t })] },
    { where: 'multipart form', ask: (t) => ['/', { method: 'POST', body: multipart(t) }] },
  ])('in the $where lets its consumer in', async ({ ask }) => {
    const rig = await oauth2Gateway()
    const { access_token } = await tokenFor(rig, PASSWORD)
    expect((await rig.ask(...ask(access_token))).status).toBe(200)
    const sent = rig.transport.sent[0]?.headers ?? []
    expect(valuesOf(sent, 'x-consumer-username')).toEqual(['bob'])
    expect(valuesOf(sent, 'x-consumer-custom-id')).toEqual(['b-1'])
    expect(valuesOf(sent, 'x-credential-identifier')).toEqual(['web'])
    expect(valuesOf(sent, 'x-authenticated-userid')).toEqual(['id123'])
    expect(sent).toContain('X-Authenticated-UserId')
    expect(valuesOf(sent, 'x-authenticated-scope')).toEqual(['email'])
    expect(valuesOf(sent, 'x-anonymous-consumer')).toEqual([])
  })

  it('may stand in another header', async () => {
    const rig = await oauth2Gateway({ auth_header_name: 'x-token', hide_credentials: true })
    const { access_token } = await tokenFor(rig, PASSWORD)
    const headers = { 'X-Token': `Bearer ${access_token}`, Authorization: 'Basic mine' }
    expect((await rig.ask('/', { headers })).status).toBe(200)
    const sent = rig.transport.sent[0]?.headers ?? []
    expect(valuesOf(sent, 'x-token')).toEqual([])
    expect(valuesOf(sent, 'authorization')).toEqual(['Basic mine'])
  })

  it('may stand in a header whose name has hyphens where the configured one has underscores', async () => {
    const rig = await oauth2Gateway({ auth_header_name: 'my_token', hide_credentials: true })
    const { access_token } = await tokenFor(rig, PASSWORD)
    const headers = { 'My-Token': `Bearer ${access_token}` }
    expect((await rig.ask('/', { headers })).status).toBe(200)
    expect(valuesOf(rig.transport.sent[0]?.headers ?? [], 'my-token')).toEqual([])
  })

  it('is hidden in the query and in a form', async () => {
    const rig = await oauth2Gateway({ hide_credentials: true })
    const { access_token } = await tokenFor(rig, PASSWORD)
    await rig.ask(`/x?a=1&access_token=${access_token}&b=2`)
    expect(rig.transport.sent[0]?.target).toBe('/x?a=1&b=2')
    await rig.ask('/x', posted({ a: '1', access_token }))
    expect(rig.transport.sent[1]?.body).toEqual(new TextEncoder().encode('a=1'))
  })

  it('is passed on unless it is to be hidden', async () => {
    const rig = await oauth2Gateway()
    const { access_token } = await tokenFor(rig, PASSWORD)
    await rig.ask(`/x?access_token=${access_token}`)
    expect(rig.transport.sent[0]?.target).toBe(`/x?access_token=${access_token}`)
  })

  it('ends after its time; one without time never does', async () => {
    const rig = await oauth2Gateway({ token_expiration: 5 })
    const { access_token, expires_in } = await tokenFor(rig, PASSWORD)
    expect(expires_in).toBe(5)
    rig.runtime.time += 4000
    expect((await rig.ask(`/?access_token=${access_token}`)).status).toBe(200)
    rig.runtime.time += 2000
    expect((await rig.ask(`/?access_token=${access_token}`)).status).toBe(401)

    const lasting = await oauth2Gateway({ token_expiration: 0 })
    const token = await tokenFor(lasting, PASSWORD)
    expect(Object.keys(token).sort()).toEqual(['access_token', 'answer', 'token_type'])
    lasting.runtime.time += 10 ** 12
    expect((await lasting.ask(`/?access_token=${token.access_token}`)).status).toBe(200)
  })

  it('of everywhere is refused where a service has its own', async () => {
    const rig = await oauth2Gateway()
    const { json } = await rig.admin('GET', '/oauth2/web')
    const { id } = json as { id: string }
    await rig.admin('POST', '/oauth2_tokens', {
      credential: { id },
      expires_in: 60,
      access_token: 'everywhere',
    })
    const answer = await rig.ask('/?access_token=everywhere')
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer error="invalid_token" error_description="The access token is invalid or has expired"',
    )
    expect(answer.json).toEqual({
      error_description:
        "The access token is global, but the current plugin is configured without 'global_credentials'",
      error: 'invalid_token',
    })
  })

  it('of one service is not good for another, that of everywhere is', async () => {
    for (const [global_credentials, status] of [
      [false, 401],
      [true, 200],
    ] as const) {
      const rig = await oauth2Gateway({ global_credentials })
      const config = { enable_password_grant: true, global_credentials }
      await rig.admin('POST', '/services', { name: 'other', url: 'http://other.test' })
      await rig.admin('POST', '/services/other/routes', { paths: ['/other'] })
      await rig.admin('POST', '/services/other/plugins', { name: 'oauth2', config })
      const { access_token } = await tokenFor(rig, PASSWORD)
      expect((await rig.ask(`/?access_token=${access_token}`)).status).toBe(200)
      expect((await rig.ask(`/other?access_token=${access_token}`)).status).toBe(status)
    }
  })
})

describe('the own paths', () => {
  it.each([
    { path: '/oauth2/token', name: 'token' },
    { path: '/a/oauth2/authorize/', name: 'authorization' },
  ])('take POST alone: $path', async ({ path, name }) => {
    const { ask } = await oauth2Gateway({ realm: 'r' })
    const answer = await ask(path)
    const description = `The HTTP method GET is invalid for the ${name} endpoint`
    expect(answer.status).toBe(405)
    expect(answer.json).toEqual({ error_description: description, error: 'invalid_method' })
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer realm="r" error="invalid_method" error_description="${description}"`,
    )
  })

  it.each([
    { config: {}, headers: {}, description: 'You must use HTTPS' },
    {
      config: { accept_http_if_already_terminated: false },
      headers: { 'X-Forwarded-Proto': 'https' },
      description: 'You must use HTTPS',
    },
  ])('are for https: $config $headers', async ({ config, headers, description }) => {
    const { ask } = await oauth2Gateway(config)
    for (const path of ['/oauth2/token', '/oauth2/authorize']) {
      const answer = await ask(path, { method: 'POST', headers })
      expect(answer.status).toBe(400)
      expect(answer.json).toEqual({ error_description: description, error: 'access_denied' })
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('pragma')).toBe('no-cache')
    }
  })

  it.each([
    {
      said: ['http', 'https'],
      ip: '10.0.0.9',
      description: 'Only one X-Forwarded-Proto header allowed',
    },
    {
      said: ['https', 'https'],
      ip: '10.0.0.9',
      description: 'Only one X-Forwarded-Proto header allowed',
    },
    { said: ['https', 'https'], ip: '10.0.0.8', description: 'You must use HTTPS' },
  ])('hear one word of a trusted peer: $said from $ip', async ({ said, ip, description }) => {
    const { gateway } = await oauth2Gateway()
    const headers = said.flatMap((one) => ['X-Forwarded-Proto', one])
    const asked = clientRequest({
      method: 'POST',
      target: '/oauth2/token',
      host: 'a.test',
      ip,
      headers,
    })
    const { body } = await gateway.handle(asked)
    expect(JSON.parse(await textOf(body))).toMatchObject({ error_description: description })
  })

  it('take https as it is', async () => {
    const { gateway } = await oauth2Gateway({ accept_http_if_already_terminated: false })
    const request = new Request('https://a.test/oauth2/token', { method: 'POST' })
    const response = await gateway.proxy(request, { ip: '10.0.0.1' })
    expect(await response.json()).toMatchObject({ error: 'invalid_client' })
  })

  it('stay of the plugin behind a path of a route', async () => {
    const rig = await oauth2Gateway()
    const code = await codeFor(rig)
    const answer = await rig.ask(
      '/any/where/oauth2/token/',
      posted({ client_id: 'web', client_secret: 'secret', grant_type: 'authorization_code', code }),
    )
    expect(answer.status).toBe(200)
  })

  it('give no token on a route without service, for it would be good nowhere', async () => {
    const rig = await oauth2Gateway()
    const config = { enable_password_grant: true, accept_http_if_already_terminated: true }
    await rig.admin('POST', '/routes', { name: 'alone', paths: ['/alone'] })
    await rig.admin('POST', '/routes/alone/plugins', { name: 'oauth2', config })
    const answer = await rig.ask('/alone/oauth2/token', posted(PASSWORD))
    expect([answer.status, answer.json]).toEqual([500, { message: 'An unexpected error occurred' }])
  })
})

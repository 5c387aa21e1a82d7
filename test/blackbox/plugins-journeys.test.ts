import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CONSUMER, KEY } from '../plugins/rows-consumer.ts'
import type { Asked } from '../plugins/rows-row.ts'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask } from './client.ts'
import { askRow } from './plugins-ask.ts'
import { startAnswering } from './plugins-target.ts'
import { RUNTIMES } from './runtimes.ts'
import type { Target } from './target.ts'

function configFor(port: number): string {
  const route = (name: string, ...plugins: object[]) => ({ name, paths: [`/${name}`], plugins })
  const routes = [
    route(
      'session',
      { name: 'key-auth', config: { anonymous: 'guest' } },
      { name: 'session', config: { secret: 'not-so-secret', cookie_secure: false } },
    ),
    route('kept', KEY, {
      name: 'proxy-cache',
      config: { strategy: 'memory', content_type: ['application/json'] },
    }),
    route('oauth2', {
      name: 'oauth2',
      config: {
        provision_key: 'the-provision-key',
        enable_authorization_code: true,
        accept_http_if_already_terminated: true,
        scopes: ['mail', 'phone'],
        hide_credentials: true,
      },
    }),
  ]
  const service = { name: 'echo', url: `http://127.0.0.1:${port}`, routes }
  const consumers = [CONSUMER, { username: 'guest' }]
  return JSON.stringify({ _format_version: '3.0', services: [service], consumers })
}

describe.each(RUNTIMES)('a journey on %s', (runtime) => {
  let gateway: RunningGateway
  let target: Target

  beforeAll(async () => {
    target = await startAnswering()
    const configText = configFor(target.port)
    gateway = await startGateway(runtime, {
      configText,
      settings: { trusted_ips: '127.0.0.1,::1' },
    })
  }, 60_000)
  afterAll(() => Promise.all([gateway?.stop(), target.close()]))

  const send = (path: string, asked: Asked = {}) => askRow(gateway.proxyPort, path, asked)
  const toldOf = (body: string) => JSON.parse(body).headers

  it('session: a key once, then a cookie, until it is given back', async () => {
    const first = await send('/session', { headers: { apikey: 'ann-key' } })
    const [cookie = ''] = `${first.headers['set-cookie']}`.split(';')
    expect(cookie).toMatch(/^session=./)
    const second = await send('/session', { headers: { cookie } })
    expect(toldOf(second.body)).toMatchObject({ 'x-consumer-username': 'ann' })
    expect(second.headers['set-cookie']).toBeUndefined()

    const broken = `${cookie.slice(0, -4)}AAAA`
    const third = await send('/session', { headers: { cookie: broken } })
    expect(toldOf(third.body)).toMatchObject({ 'x-consumer-username': 'guest' })

    const end = await send('/session?session_logout=1', { method: 'POST', headers: { cookie } })
    expect(end).toMatchObject({ status: 200, body: '' })
    expect(end.headers['set-cookie']).toMatch(/^session=;/)
  })

  it('proxy-cache: kept, seen and thrown away by the Admin API', async () => {
    const asked = { headers: { apikey: 'ann-key' } }
    const key = (await send('/kept', asked)).headers['x-cache-key']
    const at = `${gateway.adminUrl}/proxy-cache/${key}`
    expect((await send('/kept', asked)).headers['x-cache-status']).toBe('Hit')
    expect(JSON.parse((await ask(at)).body)).toMatchObject({ status: 200, version: 1 })
    expect((await ask(at, { method: 'DELETE' })).status).toBe(204)
    expect((await ask(at)).status).toBe(404)
    expect((await send('/kept', asked)).headers['x-cache-status']).toBe('Miss')
    expect((await ask(`${gateway.adminUrl}/proxy-cache`, { method: 'DELETE' })).status).toBe(204)
    expect((await send('/kept', asked)).headers['x-cache-status']).toBe('Miss')
  })

  const post = (endpoint: string, fields: Readonly<Record<string, string>>) =>
    send(`/oauth2/oauth2/${endpoint}`, {
      method: 'POST',
      headers: {
        'x-forwarded-proto': 'https',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams(fields).toString(),
    })
  const client = { client_id: 'ann-app', client_secret: 'ann-app-secret' }
  const show = (token: string) => send('/oauth2', { headers: { authorization: `Bearer ${token}` } })

  it('oauth2: a code once, a token, and another for it', async () => {
    const authorized = await post('authorize', {
      ...{ client_id: 'ann-app', response_type: 'code', scope: 'mail' },
      ...{ provision_key: 'the-provision-key', authenticated_userid: 'user-1' },
    })
    const back = new URL(JSON.parse(authorized.body).redirect_uri)
    const code = back.searchParams.get('code') ?? ''
    const exchange = { grant_type: 'authorization_code', code, ...client }
    const got = JSON.parse((await post('token', exchange)).body)
    expect(got).toMatchObject({ token_type: 'bearer', expires_in: 7200 })
    expect(await post('token', exchange)).toMatchObject({ status: 400 })

    const passed = await show(got.access_token)
    expect(toldOf(passed.body)).toMatchObject({
      'x-consumer-username': 'ann',
      'x-credential-identifier': 'ann-app',
      'x-authenticated-scope': 'mail',
      'x-authenticated-userid': 'user-1',
    })
    expect(toldOf(passed.body)).not.toHaveProperty('authorization')

    const renewal = { grant_type: 'refresh_token', refresh_token: got.refresh_token, ...client }
    const renewed = JSON.parse((await post('token', renewal)).body)
    expect(await show(renewed.access_token)).toMatchObject({ status: 200 })
    expect(await show(got.access_token)).toMatchObject({ status: 401 })
    expect(await post('token', renewal)).toMatchObject({ status: 400 })
  })

  it('oauth2: of twenty who come with the same code at once one gets a token', async () => {
    const authorized = await post('authorize', {
      ...{ client_id: 'ann-app', response_type: 'code' },
      ...{ provision_key: 'the-provision-key', authenticated_userid: 'user-1' },
    })
    const code = new URL(JSON.parse(authorized.body).redirect_uri).searchParams.get('code') ?? ''
    const fields = { grant_type: 'authorization_code', code, ...client }
    const got = await Promise.all(Array.from({ length: 20 }, () => post('token', fields)))
    expect(got.filter(({ status }) => status === 200)).toHaveLength(1)
  })
})

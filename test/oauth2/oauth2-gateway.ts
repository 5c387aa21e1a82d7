import { openGateway, type Rig } from '../plugins/open-gateway.ts'

/** An application's URI as most tests have it. */
export const REDIRECT = 'http://google.com/kong'

const APPLICATIONS = [
  { name: 'web', client_id: 'web', client_secret: 'secret', redirect_uris: [REDIRECT] },
  {
    name: 'two',
    client_id: 'two',
    client_secret: 'secret',
    redirect_uris: ['http://one.com/one/?foo=bar', 'http://two.com/two'],
  },
  { name: 'app', client_id: 'app', client_type: 'public', redirect_uris: [REDIRECT] },
  { name: 'machine', client_id: 'machine', client_secret: 'secret' },
]

/** A gateway whose peer speaks for https, with a server of all grants. */
export async function oauth2Gateway(config: Readonly<Record<string, unknown>> = {}): Promise<Rig> {
  const all = {
    provision_key: 'provision',
    enable_authorization_code: true,
    enable_implicit_grant: true,
    enable_client_credentials: true,
    enable_password_grant: true,
    accept_http_if_already_terminated: true,
    scopes: ['email', 'profile'],
    ...config,
  }
  const rig = await openGateway({
    plugins_of_route: [{ name: 'oauth2', config: all }],
    config: {
      consumers: [
        { username: 'bob', custom_id: 'b-1', oauth2_credentials: APPLICATIONS },
        { username: 'nobody' },
      ],
    },
    settings: { trust: ['10.0.0.9'] },
  })
  return rig
}

/** A POST of a form over what a trusted peer says was https. */
export function posted(fields: Readonly<Record<string, string>>, headers: object = {}) {
  return {
    method: 'POST',
    headers: { 'X-Forwarded-Proto': 'https', ...headers },
    body: new URLSearchParams(fields),
  }
}

/** What a login page asks with. */
export const LOGIN = {
  provision_key: 'provision',
  authenticated_userid: 'id123',
  client_id: 'web',
  response_type: 'code',
}

/** A code for a client. */
export async function codeFor(
  rig: Rig,
  fields: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { json } = await rig.ask('/oauth2/authorize', posted({ ...LOGIN, ...fields }))
  const { redirect_uri: uri } = json as { redirect_uri: string }
  return new URL(uri).searchParams.get('code') ?? ''
}

/** What the token endpoint answers. */
export async function tokenFor(rig: Rig, fields: Readonly<Record<string, string>>) {
  const answer = await rig.ask(
    '/oauth2/token',
    posted({ client_id: 'web', client_secret: 'secret', ...fields }),
  )
  // A refusal has none of these, and the tests look.
  const told = answer.json as { access_token: string; refresh_token: string; expires_in: number }
  return { ...told, answer }
}

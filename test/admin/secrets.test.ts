import { beforeEach, describe, expect, it } from 'vitest'
import { createLog } from '../../adapters/command/log.ts'
import { createMemoryKV } from '../../adapters/memory/kv.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import { createGateway, type Gateway } from '../../src/gateway.ts'
import { isSecretName } from '../../src/lib/redact.ts'
import { allPlugins } from '../../src/plugins/all.ts'
import type { Store } from '../../src/ports/store.ts'
import type { Fields } from '../../src/schema/field.ts'
import { readSettings } from '../../src/settings/read.ts'
import { allEntities } from '../entities.ts'
import { clientRequest, fakeRuntime, fakeTransport, textOf } from '../proxy/fakes.ts'

const TOKEN = 'HIDETOKEN1'
const C = '11111111-1111-4111-8111-111111111111'
const PEM = '-----BEGIN PRIVATE KEY-----\nHIDEPEM\nHIDEPEM\n-----END PRIVATE KEY-----\n'

let lines: string[]
let failing: 'never' | 'quoting' | 'throwing'
let gateway: Gateway

/** A store whose failures repeat all they were given, as a careless client of a database does. */
function carelessStore(): Store {
  const store = createMemoryStore()
  return {
    ...store,
    async commit(expected, batch) {
      if (failing === 'quoting') throw new Error(`Cannot write ${JSON.stringify(batch)}`)
      if (failing === 'throwing')
        throw new Error(`Cannot run ${JSON.stringify({ sql: JSON.stringify(batch) })}`)
      return store.commit(expected, batch)
    },
  }
}

beforeEach(async () => {
  lines = []
  failing = 'never'
  const read = readSettings([
    new Map([
      ['admin_token', TOKEN],
      ['unimplemented_plugins', 'ignore'],
    ]),
  ])
  if (!read.ok) throw new Error(read.errors.join())
  const { log } = createLog({
    level: 'debug',
    format: 'plain',
    write: (line) => lines.push(line),
    now: () => 0,
    secrets: [TOKEN],
  })
  const runtime = { ...fakeRuntime(), log }
  gateway = await createGateway({
    store: carelessStore(),
    kv: createMemoryKV(runtime),
    transport: fakeTransport(() => {
      throw new Error('Cannot send authorization: HIDEAUTH')
    }),
    runtime,
    settings: read.settings,
  })
})

async function send(call: string, body?: unknown, token = TOKEN): Promise<number> {
  const [method = '', path = ''] = call.split(' ')
  const isForm = typeof body === 'string'
  const init: RequestInit = {
    method,
    headers: {
      'Kong-Admin-Token': token,
      'Content-Type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
    },
  }
  if (body !== undefined) init.body = isForm ? body : JSON.stringify(body)
  return (await gateway.admin(new Request(`http://localhost:8001${path}`, init))).status
}

/** Calls that carry secrets, good and bad, in every way a body may come. */
const CALLS: readonly (readonly [call: string, body?: unknown])[] = [
  ['POST /consumers', { id: C, username: 'c' }],
  [`POST /consumers/${C}/key-auth`, { key: 'HIDEKEY' }],
  [`POST /consumers/${C}/key-auth`, { key: 'HIDEKEY' }],
  [`POST /consumers/${C}/key-auth`, 'key=HIDEKEY2&tags=a,b'],
  ['GET /key-auths/HIDEKEY'],
  ['PATCH /key-auths/HIDEKEY', { key: ['HIDEKEY'] }],
  ['DELETE /key-auths/HIDENONE'],
  [`POST /consumers/${C}/basic-auth`, { username: 'u', password: 'HIDEPASS' }],
  [`POST /consumers/${C}/basic-auth`, { username: 1, password: 'HIDEPASS' }],
  [`POST /consumers/${C}/hmac-auth`, { username: 'u', secret: 'HIDESECRET' }],
  [`POST /consumers/${C}/jwt`, { key: 'HIDEJWT', secret: 'HIDESECRET', algorithm: 'x' }],
  [`POST /consumers/${C}/oauth2`, { name: 'o', client_secret: 'HIDESECRET' }],
  ['POST /certificates', { cert: 'x', key: PEM }],
  ['POST /certificates', `cert=x&key=${encodeURIComponent(PEM)}`],
  ['POST /keys', { kid: 'k', pem: { private_key: PEM } }],
  ['POST /keys', { kid: 'k', jwk: '{"kty":"oct","k":"HIDEJWK"}' }],
  [
    'POST /plugins',
    { name: 'rate-limiting', config: { minute: 1, redis: { host: 'r', password: 'HIDEREDIS' } } },
  ],
  ['POST /plugins', { name: 'rate-limiting', config: { redis_password: 'HIDEREDIS' } }],
  ['POST /plugins', { name: 'session', config: { secret: 'HIDESESSION', nope: 1 } }],
  ['POST /schemas/plugins/validate', { name: 'session', config: { secret: 'HIDESESSION' } }],
  [
    'POST /batch',
    { steps: [{ put: { entity: 'keyauth_credentials', id: C, value: { key: 'HIDEKEY' } } }] },
  ],
  [
    'POST /config',
    { _format_version: '3.0', consumers: [{ username: 'c', password: 'HIDEPASS' }] },
  ],
  ['POST /services', { url: 'https://u:HIDEURL@h.test' }],
]

describe('the log of the Admin API', () => {
  it.each(['never', 'quoting', 'throwing'] as const)(
    'holds no secret when the store fails: %s',
    async (when) => {
      await send('POST /consumers', { id: C, username: 'c' })
      failing = when
      const statuses: number[] = []
      for (const [call, body] of CALLS) statuses.push(await send(call, body))
      expect(lines.join('')).not.toContain('HIDE')
      if (when === 'never') expect(lines).toEqual([])
      else expect(statuses).toContain(503)
      if (when !== 'never') expect(lines.join('')).toContain('Admin API failed')
    },
  )

  it('holds no token, right or wrong, nor the path it came with', async () => {
    expect(await send('GET /key-auths/HIDEKEY', undefined, 'HIDEWRONG')).toBe(401)
    expect(await send('GET /', undefined, `${TOKEN}x`)).toBe(401)
    expect(lines).toHaveLength(2)
    expect(lines.join('')).not.toMatch(/HIDE|key-auths/)
  })

  it('holds nothing of what a proxied request brings', async () => {
    await send('POST /services', { name: 's', host: 'h.test' })
    await send('POST /services/s/routes', { paths: ['/'] })
    const headers = ['Authorization', 'Basic HIDEAUTH', 'apikey', 'HIDEKEY', 'Cookie', 'a=HIDE']
    const answer = await gateway.handle(clientRequest({ target: '/?apikey=HIDEKEY', headers }))
    expect(answer.status).toBeGreaterThanOrEqual(500)
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.join('')).not.toContain('HIDE')
  })
})

it('shows that there is a token, and no more', async () => {
  const answer = await gateway.handleAdmin(
    clientRequest({ host: 'localhost', target: '/', headers: ['Kong-Admin-Token', TOKEN] }),
  )
  const text = await textOf(answer.body)
  expect(answer.status).toBe(200)
  expect(JSON.parse(text).configuration.admin_token).toBe('******')
  expect(text).not.toContain(TOKEN)
})

it('answers /status on its own listener to anyone, by any name', async () => {
  const asked = { host: 'node-7.internal', target: '/status' }
  expect((await gateway.handleStatus(clientRequest(asked))).status).toBe(200)
  expect((await gateway.handleAdmin(clientRequest(asked))).status).toBe(403)
  const local = { host: 'localhost', target: '/status' }
  expect((await gateway.handleAdmin(clientRequest(local))).status).toBe(401)
})

/** Fields kept secret that say who somebody is, and prove nothing. */
const NAMES_ONLY = ['account_email', 'eab_kid', 'aws_assume_role_arn', 'clientid', 'http_endpoint']

it('knows every field that is kept secret by its name', () => {
  const all = [
    ...allEntities.map(({ fields }) => fields),
    ...allPlugins.flatMap(({ config }) => [config.fields, config.shorthand_fields ?? {}]),
  ]
  const unknown = all.flatMap(secretsIn).filter((name) => !isSecretName(name))
  expect([...new Set(unknown)].filter((name) => !NAMES_ONLY.includes(name))).toEqual([])
})

function secretsIn(fields: Fields): string[] {
  return Object.entries(fields).flatMap(([name, field]) => [
    ...(field.encrypted === true ? [name] : []),
    ...secretsIn(field.fields ?? {}),
    ...secretsIn(field.elements?.fields ?? {}),
  ])
}

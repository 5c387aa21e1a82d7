import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type RunningGateway, startGateway } from '../runtimes/start.ts'
import { ask, json } from './client.ts'
import { RUNTIMES } from './runtimes.ts'

/** One entity of each kind with what makes it whole, in an order that parents come first. */
const DOCUMENT = parse(
  readFileSync(new URL('../deck-binary/everything.yaml', import.meta.url), 'utf8'),
)
const [CERTIFICATE] = DOCUMENT.certificates
const [CA] = DOCUMENT.ca_certificates
const [KEY] = DOCUMENT.keys

interface Kind {
  readonly path: string
  readonly create: object
  readonly change: object
  /** Another row that would take a unique key of the first. */
  readonly twin?: object
  /** Ends in what names the row in a path besides its id. */
  readonly key?: string
}

const KINDS: readonly Kind[] = [
  {
    path: '/consumers',
    create: { username: 'alice' },
    change: { custom_id: 'a-1' },
    twin: { username: 'alice' },
    key: 'alice',
  },
  {
    path: '/services',
    create: { name: 's', host: 'h.test' },
    change: { retries: 2 },
    twin: { name: 's', host: 'h.test' },
    key: 's',
  },
  {
    path: '/services/s/routes',
    create: { name: 'r', paths: ['/r'] },
    change: { strip_path: false },
    key: 'r',
  },
  {
    path: '/upstreams',
    create: { name: 'u' },
    change: { slots: 100 },
    twin: { name: 'u' },
    key: 'u',
  },
  {
    path: '/upstreams/u/targets',
    create: { target: '10.0.0.1' },
    change: { weight: 7 },
    twin: { target: '10.0.0.1:8000' },
    key: '10.0.0.1:8000',
  },
  {
    path: '/certificates',
    create: { cert: CERTIFICATE.cert, key: CERTIFICATE.key, snis: ['b.test', 'a.test'] },
    change: { snis: ['c.test'], tags: ['x'] },
  },
  {
    path: '/ca_certificates',
    create: { cert: CA.cert },
    change: { tags: ['x'] },
    twin: { cert: CA.cert },
  },
  {
    path: '/vaults',
    create: { name: 'env', prefix: 'my-env', config: { prefix: 'gw' } },
    change: { description: 'd' },
    twin: { name: 'env', prefix: 'my-env' },
    key: 'my-env',
  },
  {
    path: '/key-sets',
    create: { name: 'ring' },
    change: { tags: ['x'] },
    twin: { name: 'ring' },
    key: 'ring',
  },
  {
    path: '/keys',
    create: { name: 'k', kid: 'k', set: { name: 'ring' }, pem: KEY.pem },
    change: { tags: ['x'] },
    key: 'k',
  },
  {
    path: '/plugins',
    create: { name: 'rate-limiting', instance_name: 'rl', config: { minute: 5 } },
    change: { config: { hour: 50 } },
    twin: { name: 'rate-limiting', config: { minute: 6 } },
    key: 'rl',
  },
  {
    path: '/consumers/alice/key-auth',
    create: { key: 'k-1' },
    change: { tags: ['x'] },
    twin: { key: 'k-1' },
    key: 'k-1',
  },
  {
    path: '/consumers/alice/basic-auth',
    create: { username: 'b', password: 'p' },
    change: { password: 'q' },
    twin: { username: 'b', password: 'p' },
    key: 'b',
  },
  {
    path: '/consumers/alice/hmac-auth',
    create: { username: 'h' },
    change: { secret: 's' },
    key: 'h',
  },
  { path: '/consumers/alice/jwt', create: { key: 'j' }, change: { secret: 's' }, key: 'j' },
  {
    path: '/consumers/alice/acls',
    create: { group: 'g' },
    change: { tags: ['x'] },
    twin: { group: 'g' },
    key: 'g',
  },
  {
    path: '/consumers/alice/oauth2',
    create: { name: 'app', client_id: 'c' },
    change: { redirect_uris: ['https://a.test/cb'] },
    key: 'c',
  },
]

describe.each(RUNTIMES)('every entity on %s', (runtime) => {
  let gateway: RunningGateway

  beforeAll(async () => {
    gateway = await startGateway(runtime, { settings: { unimplemented_plugins: 'ignore' } })
  }, 60_000)
  afterAll(() => gateway?.stop())

  const admin = async (path: string, options = {}) => {
    const got = await ask(`${gateway.adminUrl}${path}`, options)
    return { status: got.status, body: got.body === '' ? {} : JSON.parse(got.body) }
  }
  const send = (method: string, path: string, body: object) =>
    admin(path, { ...json(body), method })

  it.each(KINDS)('$path: creates, reads, changes, refuses a twin', async (kind) => {
    const made = await send('POST', kind.path, kind.create)
    expect([made.status, made.body]).toMatchObject([201, { id: expect.any(String) }])
    const item = `${kind.path}/${made.body.id}`
    expect((await admin(item)).body).toEqual(made.body)

    const changed = await send('PATCH', item, kind.change)
    expect([changed.status, changed.body.id]).toEqual([200, made.body.id])
    expect(changed.body).not.toEqual(made.body)
    if (kind.key !== undefined) {
      const byKey = await admin(`${kind.path}/${encodeURIComponent(kind.key)}`)
      expect(byKey.body.id).toBe(made.body.id)
    }
    const { data } = (await admin(kind.path)).body
    expect(data.map(({ id }: { id: string }) => id)).toContain(made.body.id)

    if (kind.twin === undefined) return
    const refused = await send('POST', kind.path, kind.twin)
    expect([refused.status, refused.body.code]).toEqual([409, 5])
  })

  it('finds them all by their tags', async () => {
    const { body } = await admin('/tags/x')
    const names = body.data.map(({ entity_name }: { entity_name: string }) => entity_name)
    expect(names.sort()).toEqual(
      ['acls', 'ca_certificates', 'certificates', 'key_sets', 'keyauth_credentials', 'keys'].sort(),
    )
  })

  it('takes everything of a consumer along when it goes', async () => {
    expect((await admin('/consumers/alice', { method: 'DELETE' })).status).toBe(204)
    for (const path of ['/key-auths', '/basic-auths', '/hmac-auths', '/jwts', '/acls', '/oauth2']) {
      expect([path, (await admin(path)).body.data]).toEqual([path, []])
    }
  })

  it('keeps a service that has routes', async () => {
    const refused = await admin('/services/s', { method: 'DELETE' })
    expect([refused.status, refused.body.code]).toEqual([400, 4])
  })
})

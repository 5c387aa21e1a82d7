import { generateKeyPairSync } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CA_CERT, P256_CERT, P256_KEY, RSA_CERT, RSA_KEY } from '../../src/lib/keys.fixture.ts'
import { WITHOUT_BROWSER } from './browser.ts'
import { CHROMIUM, type FormsWorld, MANAGER_RUNTIMES, openForms } from './forms-world.ts'

/** A form: what is typed in it, what is then there, and the same for a change. */
interface Story {
  /** Below which entity; `consumers/ann`. */
  readonly below?: string
  readonly kind: string
  readonly typed: Readonly<Record<string, string>>
  readonly made: Readonly<Record<string, unknown>>
  readonly retyped: Readonly<Record<string, string>>
  readonly changed: Readonly<Record<string, unknown>>
}

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const JWK = JSON.stringify({ ...publicKey.export({ format: 'jwk' }), kid: 'one' })

const SERVICE = 'services/for-routes'
const ANN = 'consumers/ann'

const STORIES: readonly Story[] = [
  {
    kind: 'upstreams',
    typed: {
      Name: 'formed',
      'Hash on': 'header',
      'Hash on header': 'X-User',
      'Hash fallback': 'ip',
    },
    made: { algorithm: 'consistent-hashing', hash_on: 'header', hash_on_header: 'X-User' },
    retyped: { Algorithm: 'least-connections' },
    changed: { algorithm: 'least-connections', hash_on: 'none', hash_on_header: null },
  },
  {
    below: 'upstreams/for-targets',
    kind: 'targets',
    typed: { 'Target Address': '127.0.0.1:9', Tags: 'a, b' },
    made: { target: '127.0.0.1:9', weight: 100, tags: ['a', 'b'] },
    retyped: { Weight: '7' },
    changed: { weight: 7, tags: ['a', 'b'] },
  },
  {
    kind: 'services',
    typed: { Name: 'by-url', 'Upstream URL': 'https://a.test:8443/x' },
    made: { protocol: 'https', host: 'a.test', port: 8443, path: '/x' },
    retyped: { Protocol: 'http', Path: '' },
    changed: { protocol: 'http', path: null },
  },
  {
    below: SERVICE,
    kind: 'routes',
    typed: { Name: 'r', Paths: '/a{1,2}', Methods: 'GET,POST' },
    made: { paths: ['/a{1,2}'], methods: ['GET', 'POST'], strip_path: true },
    retyped: { Paths: '/b' },
    changed: { paths: ['/a{1,2}', '/b'] },
  },
  {
    kind: 'consumers',
    typed: { Username: 'bob', 'Custom ID': '7' },
    made: { username: 'bob', custom_id: '7' },
    retyped: { 'Custom ID': '' },
    changed: { custom_id: null },
  },
  {
    kind: 'certificates',
    typed: { Certificate: P256_CERT, 'Private key': P256_KEY, SNIs: 'a.test' },
    made: { cert: P256_CERT, snis: ['a.test'] },
    retyped: { SNIs: 'b.test' },
    changed: { snis: ['a.test', 'b.test'] },
  },
  {
    kind: 'ca_certificates',
    typed: { Certificate: CA_CERT },
    made: { cert: CA_CERT },
    retyped: { Tags: 'x' },
    changed: { tags: ['x'] },
  },
  {
    kind: 'snis',
    typed: { Name: 'sni.test', Certificate: 'the certificate' },
    made: { name: 'sni.test' },
    retyped: { Name: 'other.test' },
    changed: { name: 'other.test' },
  },
  {
    kind: 'vaults',
    typed: { Prefix: 'my-env', Description: 'd' },
    made: { prefix: 'my-env', name: 'env', description: 'd' },
    retyped: { Description: 'e' },
    changed: { description: 'e' },
  },
  {
    kind: 'key-sets',
    typed: { Name: 'set' },
    made: { name: 'set' },
    retyped: { Name: 'set-2' },
    changed: { name: 'set-2' },
  },
  {
    kind: 'keys',
    typed: { Name: 'k', 'Key ID (kid)': 'one', JWK: JWK },
    made: { name: 'k', kid: 'one', pem: null },
    retyped: { Tags: 'x' },
    changed: { tags: ['x'] },
  },
  {
    below: ANN,
    kind: 'key-auth',
    typed: { Key: 'sesame' },
    made: { key: 'sesame' },
    retyped: { Key: 'open' },
    changed: { key: 'open' },
  },
  {
    below: ANN,
    kind: 'basic-auth',
    typed: { Username: 'ann', Password: 'one' },
    made: { username: 'ann' },
    retyped: { Password: 'two' },
    changed: { username: 'ann' },
  },
  {
    below: ANN,
    kind: 'jwt',
    typed: { Key: 'iss', Algorithm: 'HS512' },
    made: { key: 'iss', algorithm: 'HS512' },
    retyped: { Secret: 'new' },
    changed: { secret: 'new' },
  },
  {
    below: ANN,
    kind: 'hmac-auth',
    typed: { Username: 'ann', Secret: 's' },
    made: { username: 'ann', secret: 's' },
    retyped: { Username: 'eve' },
    changed: { username: 'eve', secret: 's' },
  },
  {
    below: ANN,
    kind: 'oauth2',
    typed: { Name: 'app', 'Redirect URIs': 'https://a.test/cb' },
    made: { name: 'app', redirect_uris: ['https://a.test/cb'] },
    retyped: { 'Client secret': 'other' },
    changed: { client_secret: 'other', name: 'app' },
  },
  {
    below: ANN,
    kind: 'acls',
    typed: { Group: 'admins' },
    made: { group: 'admins' },
    retyped: { Group: 'users' },
    changed: { group: 'users' },
  },
]

describe.skipIf(CHROMIUM === undefined).each(MANAGER_RUNTIMES)(
  `each form of the Manager on %s${WITHOUT_BROWSER}`,
  (runtime) => {
    let world: FormsWorld
    let certificate = ''
    beforeAll(async () => {
      world = await openForms(runtime)
      await world.api('POST', '/upstreams', { name: 'for-targets' })
      await world.api('POST', '/services', { name: 'for-routes', host: 'a.test' })
      await world.api('POST', '/consumers', { username: 'ann' })
      const made = await world.api('POST', '/certificates', { cert: RSA_CERT, key: RSA_KEY })
      certificate = String(made.id)
    })
    afterAll(() => world?.close())
    afterEach(() => expect(world.complaints).toEqual([]))

    const button = (name: string) => world.page.getByRole('button', { name, exact: true })
    const field = (label: string) =>
      world.page.locator('form').getByLabel(label, { exact: true }).first()

    async function type(values: Readonly<Record<string, string>>) {
      for (const [label, value] of Object.entries(values)) {
        const control = field(label)
        const tag = await control.evaluate((element: { tagName: string }) => element.tagName)
        if (tag === 'SELECT') await control.selectOption(value)
        else await control.fill(value === 'the certificate' ? certificate : value)
      }
    }

    async function save(name: 'Create' | 'Update', place: string) {
      await button(name).click()
      await world.page.waitForURL((url) => !url.hash.startsWith(`#/${place}`)).catch(() => {})
      expect(
        world.page.url(),
        (await world.page.locator('main').textContent()) ?? '',
      ).not.toContain(place)
    }

    it.each(STORIES)('$kind is made and changed', async (story) => {
      const { page, api } = world
      const parent = story.below === undefined ? undefined : await api('GET', `/${story.below}`)
      const base = [story.below?.replace(/\/.*/, `/${parent?.id}`), story.kind]
        .filter((part) => part !== undefined)
        .join('/')
      const before = await idsIn(base)

      await world.open(`${base}/new`)
      await button('Create').waitFor()
      expect(await world.violations()).toEqual([])
      await type(story.typed)
      await save('Create', `${base}/new`)
      const id = [...(await idsIn(base))].find((one) => !before.has(one)) ?? 'none'
      expect(await api('GET', `/${base}/${id}`)).toMatchObject(story.made)

      await world.open(`${base}/${id}/edit`)
      await button('Update').waitFor()
      await page.locator('details').evaluateAll((folds) => {
        for (const fold of folds) Reflect.set(fold, 'open', true)
      })
      expect(await world.violations()).toEqual([])
      await type(story.retyped)
      await save('Update', `${base}/${id}/edit`)
      expect(await api('GET', `/${base}/${id}`)).toMatchObject(story.changed)
    })

    async function idsIn(path: string) {
      const { data } = await world.api<{ data: { id: string }[] }>('GET', `/${path}`)
      return new Set(data.map(({ id }) => id))
    }
  },
)

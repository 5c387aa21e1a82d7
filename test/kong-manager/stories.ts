import { generateKeyPairSync } from 'node:crypto'
import { CA_CERT, P256_CERT, P256_KEY, RSA_CERT, RSA_KEY } from '../../src/lib/keys.fixture.ts'
import type { Step } from './steps.ts'

type Given = Readonly<Record<string, string>>
type Members = Readonly<Record<string, unknown>>

/** An entity's way through the real form, card and list. */
export interface Story {
  /** The page's path. */
  readonly kind: string
  /** The Admin API's, where it is another. */
  readonly collection?: string
  /** Whether one has a page of its own. */
  readonly alone?: boolean
  /** What the list finds it by; its id unless said. */
  readonly named?: string
  readonly typed: (given: Given) => readonly Step[]
  readonly made: (given: Given) => Members
  /** What the card shows, where it is not all. */
  readonly shown?: (entity: Members) => Members
  readonly retyped: (given: Given) => readonly Step[]
  readonly changed: Members
}

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const JWK = JSON.stringify({ ...publicKey.export({ format: 'jwk' }), kid: 'one' })

/** The forms take the white space off. */
const PEMS = { p256: P256_CERT.trim(), ca: CA_CERT.trim() }

const field = (id: string, text: string): Step => ({ field: id, text })
const select = (id: string, option: string): Step => ({ select: id, option })
const click = (selector: string): Step => ({ click: selector })

const all: readonly Story[] = [
  {
    kind: 'services',
    named: 'formed',
    typed: () => [
      field('gateway-service-url-input', 'https://a.test:8443/x'),
      field('gateway-service-name-input', 'formed'),
      field('gateway-service-tags-input', 'a, b'),
    ],
    made: () => ({ protocol: 'https', host: 'a.test', port: 8443, path: '/x', tags: ['a', 'b'] }),
    retyped: () => [field('gateway-service-tags-input', 'c')],
    changed: { tags: ['c'] },
  },
  {
    kind: 'routes',
    named: 'formed',
    typed: ({ service = '' }) => [
      field('route-form-name', 'formed'),
      select('route-form-service-id', service),
      field('route-form-paths-input-1', '/a'),
    ],
    made: ({ service }) => ({ paths: ['/a'], service: { id: service }, strip_path: true }),
    retyped: () => [field('route-form-paths-input-1', '/b')],
    changed: { paths: ['/b'] },
  },
  {
    kind: 'consumers',
    named: 'formed',
    typed: () => [field('consumer-form-username', 'formed'), field('consumer-form-custom-id', '7')],
    made: () => ({ username: 'formed', custom_id: '7' }),
    retyped: () => [field('consumer-form-custom-id', '')],
    changed: { custom_id: null },
  },
  {
    kind: 'certificates',
    typed: () => [
      field('certificate-form-cert', P256_CERT),
      field('certificate-form-key', P256_KEY),
      field('sni-field-input-1', 'formed.test'),
    ],
    made: () => ({ cert: PEMS.p256, snis: ['formed.test'] }),
    retyped: () => [field('certificate-form-tags', 'a')],
    changed: { tags: ['a'] },
  },
  {
    kind: 'ca-certificates',
    collection: 'ca_certificates',
    typed: () => [field('ca-certificate-form-cert', CA_CERT)],
    made: () => ({ cert: PEMS.ca }),
    retyped: () => [field('ca-certificate-form-tags', 'a')],
    changed: { tags: ['a'] },
  },
  {
    kind: 'snis',
    alone: false,
    named: 'one.test',
    typed: ({ certificate = '' }) => [
      field('sni-form-name', 'one.test'),
      select('sni-form-certificate-id', certificate),
    ],
    made: ({ certificate }) => ({ name: 'one.test', certificate: { id: certificate } }),
    retyped: () => [field('sni-form-tags', 'a, b')],
    changed: { tags: ['a', 'b'] },
  },
  {
    kind: 'vaults',
    named: 'formed',
    typed: () => [
      field('vault-form-prefix', 'formed'),
      field('vault-form-config-kong-prefix', 'SAFE_'),
      field('vault-form-description', 'of the forms'),
    ],
    made: () => ({ name: 'env', prefix: 'formed', config: { prefix: 'SAFE_' } }),
    retyped: () => [field('vault-form-description', 'another')],
    changed: { description: 'another' },
  },
  {
    kind: 'keys',
    named: 'formed',
    typed: ({ set = '' }) => [
      field('key-form-id', 'one'),
      field('key-form-name', 'formed'),
      select('key-form-key-set', set),
      field('key-form-jwk', JWK),
    ],
    made: ({ set }) => ({ kid: 'one', name: 'formed', set: { id: set }, jwk: JWK }),
    retyped: () => [field('key-form-tags', 'a')],
    changed: { tags: ['a'] },
  },
  {
    kind: 'key-sets',
    named: 'formed',
    typed: () => [field('key-set-form-name', 'formed'), field('key-set-form-tags', 'a')],
    made: () => ({ name: 'formed', tags: ['a'] }),
    retyped: () => [field('key-set-form-tags', '')],
    changed: { tags: [] },
  },
  {
    kind: 'upstreams',
    named: 'formed',
    typed: () => [
      { offered: 'upstreams-form-name', text: 'formed' },
      field('upstreams-form-host-header', 'host.test'),
      { label: 'Hash on', option: 'ip' },
      field('upstreams-form-slots', '100'),
      click('.active-health-switch .switch-control'),
      click('.passive-health-switch .switch-control'),
    ],
    made: () => ({
      name: 'formed',
      host_header: 'host.test',
      algorithm: 'consistent-hashing',
      hash_on: 'ip',
      slots: 100,
      healthchecks: {
        active: { type: 'http', healthy: { interval: 5, successes: 5, http_statuses: [200, 302] } },
        passive: { type: 'http', unhealthy: { tcp_failures: 5, http_failures: 5, timeouts: 5 } },
      },
    }),
    retyped: () => [field('upstreams-form-tags', 'a')],
    changed: { tags: ['a'] },
  },
]

/** Every entity's story, and a certificate for those that need one. */
export const STORIES = { all, pair: { cert: RSA_CERT, key: RSA_KEY } }

import { createPublicKey } from 'node:crypto'
import {
  CA_CERT,
  P256_CERT,
  P256_KEY,
  RSA_CERT,
  RSA_KEY,
  RSA_PUBLIC,
} from '../../src/lib/keys.fixture.ts'
import type { Json } from './deck-schema.ts'

/** A file of decK's format that has these members. */
export function fileOf(members: Json): Json {
  return { _format_version: '3.0', ...members }
}

const jwk = JSON.stringify({
  ...createPublicKey(RSA_PUBLIC).export({ format: 'jwk' }),
  kid: 'one',
})

/** Every kind of entity, plain and with all it can have. */
export const entityFiles: readonly (readonly [what: string, file: Json])[] = [
  ['a service', fileOf({ services: [{ name: 's', host: 'h.test' }] })],
  [
    'a service with everything',
    fileOf({
      ca_certificates: [{ id: 'ca000000-0000-4000-8000-000000000001', cert: CA_CERT }],
      certificates: [
        { id: 'ce000000-0000-4000-8000-000000000001', cert: P256_CERT, key: P256_KEY },
      ],
      services: [
        {
          ...{ name: 's', host: 'h.test', protocol: 'https', port: 443, path: '/in' },
          ...{ retries: 0, connect_timeout: 1, write_timeout: 2, read_timeout: 3 },
          ...{ tls_verify: true, tls_verify_depth: 2, enabled: false, tags: ['b', 'a'] },
          client_certificate: 'ce000000-0000-4000-8000-000000000001',
          ca_certificates: ['ca000000-0000-4000-8000-000000000001'],
        },
      ],
    }),
  ],
  [
    'routes in a service and alone',
    fileOf({
      services: [
        {
          ...{ name: 's', host: 'h.test' },
          routes: [
            {
              ...{ name: 'r', paths: ['/b', '~/a/\\d+', '/a'], methods: ['POST', 'GET'] },
              ...{ hosts: ['b.test', 'a.test'], headers: { 'x-b': ['2', '1'], 'x-a': ['1'] } },
              ...{ protocols: ['https'], snis: ['b.test', 'a.test'], strip_path: false },
              ...{ preserve_host: true, regex_priority: 9, path_handling: 'v1' },
              ...{ https_redirect_status_code: 301, request_buffering: false, tags: ['t'] },
            },
          ],
        },
      ],
      routes: [
        { name: 'alone', paths: ['/alone'] },
        { name: 'pointing', paths: ['/p'], service: { name: 's' } },
        { name: 'stream', protocols: ['tcp'], sources: [{ ip: '10.0.0.0/8' }, { port: 9 }] },
        { name: 'grpc', protocols: ['grpc'], hosts: ['g.test'], strip_path: false },
      ],
    }),
  ],
  [
    'upstreams with targets',
    fileOf({
      upstreams: [
        { name: 'plain' },
        {
          ...{ name: 'u', slots: 100, hash_on: 'header', hash_on_header: 'x-user', tags: ['t'] },
          ...{ algorithm: 'consistent-hashing', hash_fallback: 'ip', host_header: 'h.test' },
          healthchecks: {
            threshold: 20,
            active: { type: 'https', http_path: '/up', healthy: { interval: 5, successes: 1 } },
            passive: { unhealthy: { http_failures: 3, http_statuses: [503, 500] } },
          },
          targets: [
            { target: '10.0.0.1:80', weight: 0 },
            { target: 'h.test:8080', tags: ['x'] },
            { target: '[0000:0000:0000:0000:0000:0000:0000:0001]:80' },
          ],
        },
        { name: 'least', algorithm: 'least-connections' },
      ],
    }),
  ],
  [
    'consumers with credentials',
    fileOf({
      consumers: [
        {
          ...{ username: 'mia', custom_id: '7', tags: ['b', 'a'] },
          keyauth_credentials: [{ key: 'k1' }, { key: 'k2', tags: ['t'] }],
          basicauth_credentials: [{ username: 'mia', password: 'p' }],
          hmacauth_credentials: [{ username: 'mia', secret: 's' }],
          jwt_secrets: [
            { key: 'j1', secret: 's', algorithm: 'HS256' },
            { key: 'j2', secret: 's', algorithm: 'RS256', rsa_public_key: RSA_PUBLIC },
          ],
          acls: [{ group: 'gold' }, { group: 'silver' }],
          oauth2_credentials: [
            {
              ...{ name: 'app', client_id: 'i', client_secret: 's', hash_secret: false },
              ...{ redirect_uris: ['https://a.test/cb'], client_type: 'confidential' },
            },
          ],
          plugins: [{ name: 'request-termination', config: { status_code: 403 } }],
        },
        { username: 'noor', acls: [{ group: 'gold' }] },
      ],
    }),
  ],
  [
    'certificates with snis',
    fileOf({
      certificates: [
        {
          ...{ id: 'ce000000-0000-4000-8000-000000000001', cert: P256_CERT, key: P256_KEY },
          ...{ tags: ['t'], snis: [{ name: 'b.test' }, { name: '*.a.test', tags: ['w'] }] },
        },
        { id: 'ce000000-0000-4000-8000-000000000002', cert: RSA_CERT, key: RSA_KEY },
      ],
      ca_certificates: [{ id: 'ca000000-0000-4000-8000-000000000001', cert: CA_CERT, tags: ['t'] }],
    }),
  ],
  [
    'vaults',
    fileOf({
      vaults: [
        {
          ...{ name: 'env', prefix: 'my-env', description: 'mine', tags: ['t'] },
          config: { prefix: 'MY_' },
        },
      ],
    }),
  ],
  [
    'key sets and keys',
    fileOf({
      key_sets: [{ name: 'set', tags: ['t'] }, { name: 'empty' }],
      keys: [
        { name: 'one', kid: 'one', jwk, set: { name: 'set' } },
        { name: 'two', kid: 'two', pem: { public_key: RSA_PUBLIC } },
      ],
    }),
  ],
  [
    'plugins everywhere',
    fileOf({
      _info: { defaults: { service: { retries: 2 }, route: { preserve_host: true } } },
      services: [
        {
          ...{ name: 's', host: 'h.test' },
          plugins: [{ name: 'cors' }],
          routes: [{ name: 'r', paths: ['/r'], plugins: [{ name: 'cors', enabled: false }] }],
        },
      ],
      consumers: [{ username: 'mia', plugins: [{ name: 'correlation-id' }] }],
      plugins: [
        { name: 'cors', config: { origins: ['*'] }, tags: ['b', 'a'], instance_name: 'all' },
        { name: 'rate-limiting', config: { minute: 1 }, service: 's', route: 'r', consumer: 'mia' },
        { name: 'rate-limiting', config: { minute: 2 }, consumer: 'mia', protocols: ['http'] },
      ],
    }),
  ],
]

import { CA_CERT, P256_CERT, P256_KEY } from '../../src/lib/keys.fixture.ts'
import { pluginConfigs } from '../deck/plugin-configs.ts'

/** What may vary in a document. */
export interface Words {
  readonly tags: readonly string[]
  readonly username: string
  readonly path: string
  readonly secret: string
}

/** A document with something in every table, in every place a file may have it. */
export function wholeDocument({ tags, username, path, secret }: Words): Record<string, unknown> {
  return {
    _format_version: '3.0',
    _comment: 'all there is',
    consumers: [
      {
        username,
        custom_id: `id of ${username}`,
        tags,
        keyauth_credentials: [{ key: `k${secret}`, ttl: 1000 }, { tags }],
        basicauth_credentials: [{ username: `b${username}`, password: secret }],
        hmacauth_credentials: [{ username: `h${username}`, secret }],
        jwt_secrets: [{ key: 'issuer', secret }],
        acls: [{ group: 'gold' }, { group: 'silver', tags }],
        oauth2_credentials: [
          {
            name: 'app',
            client_secret: secret,
            hash_secret: true,
            oauth2_tokens: [{ service: 's', expires_in: 60, scope: secret }],
          },
        ],
        plugins: [{ name: 'rate-limiting', config: { minute: 5 } }],
      },
      { custom_id: 'no name' },
    ],
    certificates: [{ cert: P256_CERT, key: P256_KEY, tags, snis: [{ name: 'a.test' }] }],
    services: [
      {
        name: 's',
        host: 'u',
        path,
        tags,
        routes: [
          { name: 'r', paths: [path, '~/a\\d+$'], headers: { 'x-a': ['~*b: c'] }, tags },
          { hosts: ['*.example.com'], plugins: [{ name: 'cors', tags }] },
        ],
      },
      { name: 'tls', protocol: 'https', host: 'h', url: 'https://h.example:8443/x' },
    ],
    routes: [{ name: 'alone', paths: ['/alone'], service: 'tls' }, { methods: ['GET'] }],
    upstreams: [
      {
        name: 'u',
        targets: [
          { target: '1.2.3.4', tags },
          { target: 'h:81', weight: 0 },
        ],
      },
    ],
    ca_certificates: [{ cert: CA_CERT, tags }],
    vaults: [{ prefix: 'my-env', name: 'env', config: { prefix: 'KONG_' }, tags }],
    sessions: [{ session_id: 'id', data: secret, expires: 60 }],
    acme_storage: [{ key: 'k', value: secret }],
    key_sets: [{ name: 'set', tags, keys: [{ kid: '1', name: 'k', jwk: '{vault://env/jwk}' }] }],
    plugins: Object.entries(pluginConfigs).map(([name, config]) => ({ name, config, tags })),
  }
}

import { beforeEach, describe, expect, it } from 'vitest'
import { RSA_CERT, RSA_KEY } from '../../src/lib/keys.fixture.ts'
import { type Gate, openAdmin } from '../open-admin.ts'

const ID = '11111111-1111-4111-8111-111111111111'

/** The document an ingress controller sends (names as Kubernetes makes them). */
const INGRESS = {
  _format_version: '3.0',
  services: [
    {
      id: ID,
      name: 'default.web.80',
      host: 'web.default.80.svc',
      port: 80,
      protocol: 'http',
      path: '/',
      retries: 5,
      connect_timeout: 60000,
      read_timeout: 60000,
      write_timeout: 60000,
      tags: ['k8s-name:web', 'k8s-namespace:default', 'k8s-kind:Service', 'k8s-version:v1'],
      routes: [
        {
          name: 'default.web.web.example.com.80',
          hosts: ['example.com'],
          paths: ['~/api$', '/'],
          protocols: ['http', 'https'],
          https_redirect_status_code: 426,
          path_handling: 'v0',
          regex_priority: 200,
          strip_path: true,
          preserve_host: true,
          request_buffering: true,
          response_buffering: true,
          tags: ['k8s-name:web'],
        },
      ],
    },
  ],
  upstreams: [
    {
      name: 'web.default.80.svc',
      algorithm: 'round-robin',
      tags: ['k8s-name:web'],
      targets: [{ target: '10.1.0.4:8080', weight: 100 }],
    },
  ],
  plugins: [
    {
      name: 'correlation-id',
      instance_name: 'trace',
      service: 'default.web.80',
      config: { header_name: 'X-Trace' },
      tags: ['k8s-name:trace'],
    },
  ],
  consumers: [
    { username: 'alice', keyauth_credentials: [{ key: 'k' }], acls: [{ group: 'admins' }] },
  ],
}

/** An entry of `snis` as the controller nests it. */
const sniOf = (name: string) => ({ name, certificate: { id: ID } })

/** A service of what is no HTTP. */
const serviceWith = (protocol: string, route: object) => ({
  services: [
    { name: 's', host: 'u', protocol, routes: [{ name: 'r', path_handling: 'v0', ...route }] },
  ],
})

describe('an ingress controller', () => {
  let admin: Gate
  beforeEach(async () => {
    admin = await openAdmin({ database: 'off' })
  })
  const push = (document: unknown) =>
    admin.json('POST /config?check_hash=1&flatten_errors=1', document)

  it('learns whom it talks to', async () => {
    const { body } = await admin.get('/')
    expect(body).toMatchObject({
      version: '3.9.3',
      node_id: expect.any(String),
      configuration: { database: 'off', router_flavor: 'traditional_compatible' },
    })
    expect((await admin.get('/status')).body.configuration_hash).toBe('0'.repeat(32))
  })

  it('pushes its whole document, again and again', async () => {
    expect((await push(INGRESS)).status).toBe(201)
    expect((await push(INGRESS)).status).toBe(201)
    const { body } = await admin.get('/status')
    expect(body.configuration_hash).toMatch(/^(?!0{32})[0-9a-f]{32}$/)
    expect((await admin.get('/plugins')).body.data).toMatchObject([
      { name: 'correlation-id', service: { id: ID } },
    ])
    expect((await admin.get('/consumers/alice/acls')).body.data).toMatchObject([
      { group: 'admins' },
    ])
  })

  it.each([
    [
      'a certificate whose names say again whose they are',
      { certificates: [{ id: ID, cert: RSA_CERT, key: RSA_KEY, snis: [sniOf('a.test')] }] },
    ],
    [
      'credentials without their secrets',
      {
        consumers: [
          { username: 'a', hmacauth_credentials: [{ username: 'b' }], jwt_secrets: [{ key: 'k' }] },
        ],
      },
    ],
    ['a TLSRoute', serviceWith('tcp', { protocols: ['tls'], snis: ['a.test'] })],
    ['a TCPRoute', serviceWith('tcp', { protocols: ['tcp'], destinations: [{ port: 8888 }] })],
    ['a UDPRoute', serviceWith('udp', { protocols: ['udp'], destinations: [{ port: 9999 }] })],
  ])('pushes %s', async (_what, document) => {
    expect(await push({ _format_version: '3.0', ...document })).toMatchObject({ status: 201 })
  })

  // The whole answer its own tests want of Kong, but for the order of the errors.
  it('is told what is wrong as its tests expect', async () => {
    const service = {
      name: 'test-service',
      host: 'konghq.com',
      port: 80,
      protocol: 'grpc',
      path: '/test',
      tags: ['k8s-name:test-service', 'k8s-kind:Service', 'k8s-group:', 'k8s-version:v1'],
    }
    const { status, body } = await push({ _format_version: '3.0', services: [service] })
    expect(status).toBe(400)
    expect(body).toEqual({
      code: 14,
      name: 'invalid declarative configuration',
      fields: {},
      message: 'declarative config is invalid: {}',
      flattened_errors: [
        {
          entity_type: 'service',
          entity_name: 'test-service',
          entity_tags: service.tags,
          entity: service,
          errors: [
            {
              type: 'entity',
              message: "failed conditional validation given value of field 'protocol'",
            },
            { type: 'field', field: 'path', message: 'value must be null' },
          ],
        },
      ],
    })
  })

  it('gets the objects that are wrong back with their tags', async () => {
    const bad = {
      ...INGRESS,
      plugins: [{ name: 'correlation-id', config: { generator: 'x' }, tags: ['k8s-name:trace'] }],
    }
    const { status, body } = await push(bad)
    expect(status).toBe(400)
    expect(body).toMatchObject({
      code: 14,
      name: 'invalid declarative configuration',
      flattened_errors: [
        {
          entity_type: 'plugin',
          entity_name: 'correlation-id',
          entity_tags: ['k8s-name:trace'],
          errors: [{ type: 'field', field: 'config.generator' }],
        },
      ],
    })
    expect((await admin.get('/services')).ids).toEqual([])
  })

  it('asks whether a plugin or a route would do', async () => {
    const plugin = await admin.json('POST /schemas/plugins/validate', {
      name: 'key-auth',
      config: { key_names: ['apikey'] },
    })
    expect([plugin.status, plugin.body.message]).toEqual([200, 'schema validation successful'])
    const route = await admin.json('POST /schemas/routes/validate', { paths: ['~/(?=a)'] })
    expect(route.status).toBe(400)
  })

  it('sends one stub upstream for an empty cluster', async () => {
    const stub = { _format_version: '3.0', upstreams: [{ name: 'kong' }] }
    expect((await push(stub)).status).toBe(201)
  })

  it('is told that writes one by one need a database', async () => {
    const refused = await admin.json('POST /services', { host: 'h.test' })
    expect([refused.status, refused.body.code]).toEqual([405, 12])
  })
})

describe('Terraform, which puts /default in front', () => {
  it('creates, reads, replaces and deletes', async () => {
    const admin = await openAdmin()
    const made = await admin.json('POST /default/services', { name: 's', host: 'h.test' })
    expect(made.status).toBe(201)
    const path = `/default/services/${made.body.id}`
    expect((await admin.get(path)).body.name).toBe('s')
    expect((await admin.json(`PUT ${path}`, { name: 't', host: 'h.test' })).status).toBe(200)
    const plugin = await admin.json('POST /default/plugins', {
      name: 'key-auth',
      service: { id: made.body.id },
    })
    expect(plugin.status).toBe(201)
    expect((await admin.send('DELETE', path)).status).toBe(204)
    expect((await admin.get(path)).status).toBe(404)
  })

  it('leaves decK in no doubt that there are no workspaces', async () => {
    const admin = await openAdmin()
    expect((await admin.get('/default/workspaces/default')).status).toBe(404)
    expect((await admin.json('POST /workspaces', { name: 'w' })).status).toBe(404)
  })
})

describe('older clients', () => {
  it('mark targets by POST, as go-kong does', async () => {
    const admin = await openAdmin()
    await admin.json('POST /upstreams', { name: 'u' })
    await admin.json('POST /upstreams/u/targets', { target: '10.0.0.1:80' })
    const path = '/upstreams/u/targets/10.0.0.1:80/unhealthy'
    expect((await admin.send('POST', path)).status).not.toBe(405)
  })
})

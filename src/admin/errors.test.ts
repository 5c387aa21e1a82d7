import { beforeEach, describe, expect, it } from 'vitest'
import { type Gate, openAdmin } from '../../test/open-admin.ts'
import { CA_CERT } from '../lib/keys.fixture.ts'

const S = '11111111-1111-4111-8111-111111111111'
const X = '22222222-2222-4222-8222-222222222222'

let admin: Gate
beforeEach(async () => {
  admin = await openAdmin()
  await admin.json('POST /services', { id: S, name: 's', host: 'h' })
})

describe('what is refused, in what words (admin-api §3)', () => {
  it.each([
    [
      'POST /routes',
      { paths: ['/'], service: { id: X } },
      400,
      4,
      `the foreign key '{id="${X}"}' does not reference an existing 'services' entity.`,
      { service: { id: X } },
    ],
    [
      'POST /routes',
      { paths: ['/'], service: { name: 'x' } },
      400,
      13,
      `foreign key unresolved (service.name: the foreign key cannot be resolved with '{name="x"}' for an existing 'services' entity)`,
      {
        service: {
          name: `the foreign key cannot be resolved with '{name="x"}' for an existing 'services' entity`,
        },
      },
    ],
    [
      'POST /routes',
      { paths: ['/'], service: { host: 'h' } },
      400,
      2,
      'schema violation (service.id: missing primary key)',
      { service: { id: 'missing primary key' } },
    ],
    [
      'POST /routes',
      { paths: ['/'], regex_priority: 'x', service: { name: 'a/b' } },
      400,
      2,
      "2 schema violations (regex_priority: expected an integer; service.name: invalid value 'a/b': the only accepted ascii characters are alphanumerics or ., -, _, and ~)",
      {
        regex_priority: 'expected an integer',
        service: {
          name: "invalid value 'a/b': the only accepted ascii characters are alphanumerics or ., -, _, and ~",
        },
      },
    ],
    [
      'PUT /services/other',
      { host: 'h', protocol: 'https', client_certificate: { cert: '', key: '' } },
      400,
      2,
      '2 schema violations (client_certificate.cert: length must be at least 1; client_certificate.key: length must be at least 1)',
      {
        client_certificate: {
          cert: 'length must be at least 1',
          key: 'length must be at least 1',
        },
      },
    ],
    [
      'PATCH /services/s',
      { protocol: 'https', client_certificate: { id: 'x', extra: 1 } },
      400,
      2,
      '2 schema violations (client_certificate.extra: unknown field; client_certificate.id: expected a valid UUID)',
      { client_certificate: { extra: 'unknown field', id: 'expected a valid UUID' } },
    ],
    [
      'POST /schemas/routes/validate',
      { paths: ['/'], service: { protocol: 'x', name: null } },
      400,
      2,
      'schema violation (service.protocol: expected one of: grpc, grpcs, http, https, tcp, tls, tls_passthrough, udp)',
      {
        service: {
          protocol: 'expected one of: grpc, grpcs, http, https, tcp, tls, tls_passthrough, udp',
        },
      },
    ],
    [
      'POST /upstreams',
      { name: 'u', healthchecks: { active: { healthy: { interval: 70000 } } } },
      400,
      2,
      'schema violation (healthchecks.active: {\n  healthy = {\n    interval = "value should be between 0 and 65535"\n  }\n})',
      {
        healthchecks: { active: { healthy: { interval: 'value should be between 0 and 65535' } } },
      },
    ],
    [
      'POST /plugins',
      { name: 'key-auth', config: { key_names: ['a b'] } },
      400,
      2,
      expect.stringMatching(
        /^schema violation \(config\.key_names: \{\n {2}"bad header name 'a b'/,
      ),
      { config: { key_names: [expect.stringContaining("bad header name 'a b'")] } },
    ],
    [
      'POST /plugins',
      { name: 'ip-restriction', config: { allow: ['1.1.1.1', 'x'] } },
      400,
      2,
      expect.stringContaining(`[2] = "invalid ip or cidr range: 'x'"`),
      { config: { allow: [null, "invalid ip or cidr range: 'x'"] } },
    ],
    [
      'POST /services',
      { host: 'h', retries: -1, port: 'x' },
      400,
      2,
      '2 schema violations (port: expected an integer; retries: value should be between 0 and 32767)',
      { port: 'expected an integer', retries: 'value should be between 0 and 32767' },
    ],
    [
      'POST /consumers',
      {},
      400,
      2,
      "schema violation (at least one of these fields must be non-empty: 'custom_id', 'username')",
      {
        '@entity': ["at least one of these fields must be non-empty: 'custom_id', 'username'"],
      },
    ],
  ])('%s of %j', async (call, input, status, code, message, fields) => {
    const reply = await admin.json(call, input)
    expect([reply.status, reply.body.code]).toEqual([status, code])
    expect(reply.body.message).toEqual(message)
    expect(reply.body.fields).toEqual(fields)
  })

  it('says in a PATCH that it is one', async () => {
    await admin.json('POST /consumers', { username: 'c' })
    expect((await admin.json('PATCH /consumers/c', { username: null })).body.message).toBe(
      "schema violation (when updating, at least one of these fields must be non-empty: 'custom_id', 'username')",
    )
  })

  it('keeps a CA certificate that a service lists', async () => {
    const { body: ca } = await admin.json('POST /ca_certificates', { cert: CA_CERT })
    await admin.json('PATCH /services/s', { url: 'https://h', ca_certificates: [ca.id] })
    const reply = await admin.send('DELETE', `/ca_certificates/${ca.id}`)
    expect([reply.status, reply.body]).toEqual([
      400,
      {
        code: 19,
        name: 'referenced by others',
        message: `ca certificate ${ca.id} is still referenced by services (id = ${S})`,
      },
    ])
  })

  it('names both of two shorthands that differ', async () => {
    const config = { minute: 1, redis_host: 'a', redis: { host: 'b' } }
    const reply = await admin.json('POST /plugins', { name: 'rate-limiting', config })
    expect(reply.status).toBe(400)
    expect(reply.text).toContain(
      'both deprecated and new field are used but their values mismatch: redis_host = a vs redis.host = b',
    )
  })

  it('refuses a write to the tags', async () => {
    expect((await admin.json('POST /tags', {})).body).toMatchObject({
      code: 2,
      message: 'schema violation (tags: does not support insert/upsert/update/delete operations)',
    })
  })
})

describe('hints', () => {
  it('names the field that was meant', async () => {
    const { body } = await admin.json('POST /services', { host: 'h', retrys: 1 })
    expect(body).toMatchObject({
      message: 'schema violation (retrys: unknown field)',
      hint: "did you mean 'retries'",
    })
    expect(Object.keys(body)).toEqual(['code', 'name', 'message', 'fields', 'hint'])
  })

  it('names the row that has a key already', async () => {
    const { body } = await admin.json('POST /services', { host: 'h', name: 's' })
    expect(body).toMatchObject({ code: 5, hint: `the services ${S} has it` })
  })
})

describe('what goes with what (§5.10)', () => {
  it.each([
    ['services', 's', ['/services/s/plugins', { name: 'cors' }], '/plugins'],
    ['upstreams', 'u', ['/upstreams/u/targets', { target: 't' }], undefined],
    ['key-sets', 'k', ['/key-sets/k/keys', { kid: 'i', jwk: '{vault://env/x}' }], '/keys'],
  ] as const)('%s/%s take their children along', async (parent, key, [path, child], children) => {
    if (parent !== 'services') await admin.json(`POST /${parent}`, { name: key })
    expect((await admin.json(`POST ${path}`, child)).status).toBe(201)
    expect((await admin.send('DELETE', `/${parent}/${key}`)).status).toBe(204)
    if (children !== undefined) expect((await admin.get(children)).ids).toEqual([])
  })
})

describe('values on the wire (§2.2)', () => {
  it.each([
    [{ tags: ['a', 'b', 'a'] }, { tags: ['a', 'b'] }],
    [{ tags: [] }, { tags: [] }],
    [{ tags: {} }, { tags: [] }],
    [{ created_at: 9007199254740992 }, { created_at: 9007199254740992 }],
    [{ updated_at: 'not even looked at' }, { updated_at: 1_700_000_000 }],
  ])('%j is shown as %j', async (input, shown) => {
    const { status, body } = await admin.json('POST /services', { host: 'h', ...input })
    expect(status).toBe(201)
    expect(body).toMatchObject(shown)
  })

  it('shows every field, and none of the store', async () => {
    const { body } = await admin.get('/services/s')
    for (const absent of ['ws_id', 'cache_key', 'ttl']) expect(body).not.toHaveProperty(absent)
    for (const name of ['path', 'client_certificate', 'tags']) expect(body[name]).toBeNull()
  })
})

describe('where Kong fails with a 500 (§13)', () => {
  it.each([
    ['POST /plugins', { name: {} }, 400],
    ['POST /upstreams/u/targets', { target: 5 }, 400],
    ['POST /upstreams/u/targets', { target: 't', weight: null }, 400],
    ['POST /routes', { paths: ['/'], regex_priority: 9.2e19 }, 400],
    ['GET /upstreams/u/targets?offset=abc', {}, 400],
    ['GET /services?size', {}, 400],
    ['GET /services?tags', {}, 400],
    ['GET /services?offset=WyJ4Il0', {}, 400],
    ['PUT /tags/t', {}, 405],
    ['PATCH /tags/t', {}, 405],
    ['DELETE /tags/t', {}, 405],
  ])('%s of %j answers %i', async (call, input, status) => {
    await admin.json('POST /upstreams', { name: 'u' })
    expect((await admin.json(call, input)).status).toBe(status)
  })
})

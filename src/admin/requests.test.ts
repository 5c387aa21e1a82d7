import { beforeEach, describe, expect, it } from 'vitest'
import { type Gate, openAdmin } from '../../test/open-admin.ts'

let admin: Gate
beforeEach(async () => {
  admin = await openAdmin()
  await admin.json('POST /services', { name: 's', host: 'h' })
})

const FORM = 'application/x-www-form-urlencoded'

describe('content types (admin-api §1.1)', () => {
  it.each([
    ['{"host":"h"}', 'application/json', 201],
    ['{"host":"h"}', 'application/jsonx', 201],
    ['host=h', FORM, 201],
    ['{"host":"h"}', 'Application/JSON', 415],
    ['{"host":"h"}', 'text/json', 415],
    ['host: h', 'application/yaml', 415],
    ['host=h', undefined, 415],
    ['', 'application/json', 400],
    ['null', 'application/json', 400],
    ['"x"', 'application/json', 400],
    ['5', 'application/json', 400],
    ['[{"host":"h"}]', 'application/json', 400],
    ['{}', 'application/json, text/plain', 400],
    [`${'a=1&'.repeat(1001)}host=h`, FORM, 400],
  ])('%s as %s answers %i', async (body, type, status) => {
    expect((await admin.send('POST', '/services', body, type)).status).toBe(status)
  })

  it('takes nothing for an empty object', async () => {
    const none = await admin.send('POST', '/services')
    expect(none.body.fields).toEqual({ host: 'required field missing' })
    const list = await admin.send('POST', '/services', '[]', 'application/json')
    expect(list.body).toEqual(none.body)
  })

  it('refuses more than 10 MiB', async () => {
    const reply = await admin.json('POST /services', { host: 'h'.repeat(11 * 1024 * 1024) })
    expect([reply.status, reply.body]).toEqual([413, { message: 'Payload too large' }])
  })

  it('refuses too many arguments of a query', async () => {
    const reply = await admin.get(`/services?${'a=1&'.repeat(1001)}`)
    expect([reply.status, reply.body]).toEqual([400, { message: 'Too many arguments' }])
  })

  it('takes no field from the query', async () => {
    const reply = await admin.form('POST /services?name=q', 'host=h')
    expect(reply).toMatchObject({ status: 201, body: { name: null } })
  })
})

describe('forms of a route (§1.2, §1.3)', () => {
  it.each([
    ['paths[]=/a&paths[]=/b', { paths: ['/a', '/b'] }],
    ['paths[2]=/b&paths[1]=/a', { paths: ['/a', '/b'] }],
    ['paths=/a&paths=/b', { paths: ['/a', '/b'] }],
    ['paths=/a', { paths: ['/a'] }],
    ['paths%5B%5D=/a', { paths: ['/a'] }],
    ['headers.x-a=1&headers.x-a=2', { headers: { 'x-a': ['1', '2'] } }],
    ['headers.x-a[]=1', { headers: { 'x-a': ['1'] } }],
    ['headers[x-b][1]=1', { headers: { 'x-b': ['1'] } }],
    ['paths=/&service.name=s', { service: { id: expect.any(String) } }],
    ['paths=/&service[name]=s', { service: { id: expect.any(String) } }],
    ['paths=/&service=', { service: null }],
    ['paths=/&regex_priority=0x10', { regex_priority: 16 }],
    ['paths=/&regex_priority=1e2', { regex_priority: 100 }],
    ['paths=/&strip_path=false', { strip_path: false }],
    ['paths=/&name=null', { name: 'null' }],
    ['paths=/&name=', { name: null }],
    [
      'protocols=tcp&destinations[1].port=80&destinations[1].ip=1.1.1.1',
      { destinations: [{ ip: '1.1.1.1', port: 80 }] },
    ],
  ])('%s', async (text, row) => {
    const reply = await admin.form('POST /routes', text)
    expect(reply.body).toMatchObject(row)
    expect(reply.status).toBe(201)
  })

  it.each([
    ['paths=/&methods=GET,POST', 'methods'],
    ['paths=/&tags=a,b', 'tags'],
    ['paths[1]=/a&paths[3]=/b', 'paths: expected an array'],
    ['paths[0]=/a', 'paths: expected an array'],
    ['paths=/&tags[1]=a&tags[3]=b', 'tags: expected a set'],
    ['paths=/&service=s', 'service.id: missing primary key'],
    ['paths=/&regex_priority=x', 'regex_priority: expected an integer'],
    ['paths=/&strip_path=TRUE', 'strip_path: expected a boolean'],
    ['paths=/&strip_path=yes', 'strip_path: expected a boolean'],
    ['paths=/&strip_path=1', 'strip_path: expected a boolean'],
    ['foo', 'foo: unknown field'],
  ])('%s is refused', async (text, message) => {
    const reply = await admin.form('POST /routes', text)
    expect(reply.status).toBe(400)
    expect(reply.body.message).toContain(message)
  })

  it('says where an empty element is', async () => {
    const { body } = await admin.form('POST /routes', 'paths=/&tags[]=')
    expect(body.fields).toEqual({ tags: ['required field missing'] })
  })

  it('coerces nothing in JSON', async () => {
    const { body } = await admin.json('POST /routes', { paths: '/a', strip_path: 'true' })
    expect(body.fields).toMatchObject({
      paths: 'expected an array',
      strip_path: 'expected a boolean',
    })
  })

  it('types what belongs to plugins', async () => {
    const text = 'name=opentelemetry&config.traces_endpoint=http://o&'
    const dotted = await admin.form(
      'POST /plugins',
      `${text}config.resource_attributes[service.name]=x&config.queue.max_batch_size=9`,
    )
    expect(dotted.body.config).toMatchObject({
      resource_attributes: { 'service.name': 'x' },
      queue: { max_batch_size: 9 },
    })
  })
})

describe('paths (§1.4, §1.5)', () => {
  it.each([
    ['/consumers/bob%20smith', 200],
    ['/consumers/bob smith', 200],
    ['/consumers/x%2Fy', 200],
    ['/consumers/%E5%86%86', 200],
    ['/consumers/円', 200],
    ['/consumers/x%252Fy', 404],
    ['/consumers/円/', 200],
    ['/consumers//円', 404],
    ['/upstreams/1.2.3.4', 400],
    ['/plugins/bad%20name', 400],
    ['/snis/1.2.3.4', 400],
    ['/vaults/X', 400],
    ['/vaults/my-env', 404],
    ['/keys/none', 404],
    ['/key-sets/none', 404],
    ['/ca_certificates/x', 400],
    ['/acme_storage/x', 400],
    ['/sessions/none', 404],
    ['/oauth2_tokens/none', 404],
  ])('GET %s answers %i', async (path, status) => {
    for (const username of ['bob smith', 'x/y', '円']) {
      await admin.json('POST /consumers', { username })
    }
    expect((await admin.get(path)).status).toBe(status)
  })

  it.each([
    [
      '/upstreams/1.2.3.4',
      'invalid unique name',
      "Invalid name ('1.2.3.4'); no ip addresses allowed",
    ],
    ['/services/bad%20name', 'invalid unique name', undefined],
    ['/vaults/X', 'invalid unique prefix', undefined],
  ])('GET %s says %s', async (path, name, message) => {
    const { body } = await admin.get(path)
    expect(body).toMatchObject({ code: 10, name, ...(message === undefined ? {} : { message }) })
    expect(body).not.toHaveProperty('fields')
  })
})

import { beforeEach, describe, expect, it } from 'vitest'
import { type Gate, openAdmin } from '../../test/open-admin.ts'

let admin: Gate
beforeEach(async () => {
  admin = await openAdmin()
})

const A = '11111111-1111-4111-8111-111111111111'
const B = '22222222-2222-4222-8222-222222222222'
const C = '33333333-3333-4333-8333-333333333333'

describe('a collection', () => {
  it('creates from a form, as the guide does', async () => {
    const { status, body } = await admin.form(
      'POST /services',
      'name=example_service&url=http://localhost:9001',
    )
    expect(status).toBe(201)
    expect(body).toMatchObject({
      name: 'example_service',
      protocol: 'http',
      host: 'localhost',
      port: 9001,
      path: null,
      retries: 5,
      tags: null,
    })
  })

  it('creates children from a form', async () => {
    const service = await admin.json('POST /services', { name: 's', host: 'h.test' })
    const { status, body } = await admin.form('POST /services/s/routes', 'paths[]=/mock&name=r')
    expect(status).toBe(201)
    expect(body).toMatchObject({ paths: ['/mock'], service: { id: service.body.id } })
  })

  it('lists in order of ids, in pages', async () => {
    for (const id of [C, A, B]) await admin.json('POST /services', { id, host: 'h' })
    const first = await admin.get('/services?size=2')
    const offset = btoa(JSON.stringify([B])).replace(/=+$/, '')
    expect(first.body).toMatchObject({
      data: [{ id: A }, { id: B }],
      offset,
      next: `/services?offset=${encodeURIComponent(offset)}&size=2`,
    })
    const second = await admin.get(String(first.body.next))
    expect(second.body).toMatchObject({ data: [{ id: C }], next: null })
    expect(second.body).not.toHaveProperty('offset')
  })

  it('repeats the tags of a page in its next', async () => {
    for (const id of [A, B]) await admin.json('POST /services', { id, host: 'h', tags: ['a', 'b'] })
    const { body } = await admin.get('/services?size=1&tags=a,b')
    expect(body.next).toMatch(/^\/services\?offset=[^&]+&tags=a%2Cb&size=1$/)
  })

  it('is empty without rows', async () => {
    expect((await admin.get('/services?name=x&sort_desc=1')).body).toEqual({ data: [], next: null })
  })

  it.each([
    ['size=0', 9, 'size must be an integer between 1 and 1000'],
    ['size=1001', 9, 'size must be an integer between 1 and 1000'],
    ['size=1.5', 9, 'size must be an integer between 1 and 1000'],
    ['size=x', 9, 'size must be a number'],
    ['size=', 9, 'size must be a number'],
    ['size', 9, 'size must be a number'],
    ['size=1&size=2', 9, 'size must be a number'],
    ['offset=%25', 7, "'%' is not a valid offset: bad base64 encoding"],
    ['offset=x', 7, "'x' is not a valid offset: bad base64 encoding"],
    ['offset=abcd', 7, "'abcd' is not a valid offset: bad json encoding"],
    ['offset=WyJ4Il0', 7, "'WyJ4Il0' is not a valid offset: bad json encoding"],
    ['tags=', 11, 'invalid option (tags: cannot be null)'],
    ['tags', 11, 'invalid option (tags: cannot be null)'],
    ['tags=a,b/c', 11, 'invalid option (tags: invalid filter syntax)'],
    ['tags=,a', 11, 'invalid option (tags: invalid filter syntax)'],
    ['tags=a,,b', 11, 'invalid option (tags: invalid filter syntax)'],
    ['tags=a//b', 11, 'invalid option (tags: invalid filter syntax)'],
    ['tags=/', 11, 'invalid option (tags: invalid filter syntax)'],
    ['tags=a%01', 11, 'invalid option (tags: invalid filter syntax)'],
    ['tags=%ff', 11, 'invalid option (tags: invalid filter syntax)'],
    ['tags=a,b,c,d,e,f', 11, 'invalid option (tags: cannot query more than 5 tags)'],
    ['offset=x&tags=a,b/c&size=0&tags', 9, 'size must be an integer between 1 and 1000'],
    ['offset=x&tags=a,b/c', 11, 'invalid option (tags: invalid filter syntax)'],
    ['size=0&tags=', 11, 'invalid option (tags: cannot be null)'],
  ])('refuses ?%s', async (query, code, message) => {
    const { status, body } = await admin.get(`/services?${query}`)
    expect([status, body.code, body.message]).toEqual([400, code, message])
  })

  it.each([
    ['tags=a', [A, B]],
    ['tags=a,b', [B]],
    ['tags=a%2Cb', [B]],
    ['tags=b/c', [B, C]],
    ['tags=a,', []],
    ['tags=a/', [A, B]],
    ['tags=none', []],
    ['tags[]=c', [C]],
    ['tags=c&tags=a', [C]],
  ])('filters by ?%s', async (query, ids) => {
    await admin.json('POST /services', { id: A, host: 'h', tags: ['a'] })
    await admin.json('POST /services', { id: B, host: 'h', tags: ['a', 'b'] })
    await admin.json('POST /services', { id: C, host: 'h', tags: ['c'] })
    expect((await admin.get(`/services?${query}`)).ids).toEqual(ids)
  })
})

describe('an item', () => {
  beforeEach(async () => {
    await admin.json('POST /services', { id: A, name: 'a', host: 'a.test', retries: 1 })
  })

  it.each([`/services/${A}`, `/services/${A.toUpperCase()}`, '/services/a', '/services/%61/'])(
    'is found at %s',
    async (path) => {
      expect((await admin.get(path)).body).toMatchObject({ id: A, name: 'a' })
    },
  )

  it('is absent, or its name is impossible', async () => {
    expect(await admin.get('/services/none')).toMatchObject({
      status: 404,
      body: { message: 'Not found' },
    })
    expect(await admin.get('/services/bad%20name')).toMatchObject({
      status: 400,
      body: { code: 10, name: 'invalid unique name' },
    })
  })

  it('is replaced whole by PUT; the path wins', async () => {
    const { status, body } = await admin.json('PUT /services/a', { id: B, name: 'x', host: 'b' })
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: A, name: 'a', host: 'b', retries: 5 })
  })

  it('is created by PUT, by id and by name', async () => {
    expect(await admin.json(`PUT /services/${B}`, { host: 'b' })).toMatchObject({
      status: 200,
      body: { id: B, name: null },
    })
    expect(await admin.json('PUT /services/n', { host: 'b' })).toMatchObject({
      status: 200,
      body: { name: 'n' },
    })
  })

  it('is changed by PATCH; an id in the body is nothing', async () => {
    const { status, body } = await admin.json('PATCH /services/a', { id: B, retries: 7 })
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: A, host: 'a.test', retries: 7 })
    expect((await admin.send('PATCH', '/services/a')).status).toBe(200)
  })

  it('answers code 6 to a PATCH of nothing', async () => {
    expect(await admin.json(`PATCH /services/${B}`, {})).toMatchObject({
      status: 404,
      body: {
        code: 6,
        name: 'not found',
        message: `could not find the entity with primary key '{id="${B}"}'`,
        fields: { id: B },
      },
    })
    expect((await admin.json('PATCH /services/n', {})).body.message).toBe(
      `could not find the entity with '{name="n"}'`,
    )
  })

  it('is deleted, and again', async () => {
    expect(await admin.send('DELETE', '/services/a')).toMatchObject({ status: 204, text: '' })
    expect(await admin.send('DELETE', '/services/a')).toMatchObject({ status: 204, text: '' })
  })
})

describe('errors', () => {
  it.each([
    [{}, 400, { code: 2, name: 'schema violation', fields: { host: 'required field missing' } }],
    [{ host: 'h', x: 1 }, 400, { code: 2, message: 'schema violation (x: unknown field)' }],
    [
      { host: 'h', name: 'a' },
      409,
      { code: 5, message: `UNIQUE violation detected on '{name="a"}'` },
    ],
    [{ host: 'h', id: A }, 400, { code: 3, message: `primary key violation on key '{id="${A}"}'` }],
  ])('%j', async (input, status, body) => {
    await admin.json('POST /services', { id: A, name: 'a', host: 'h' })
    expect(await admin.json('POST /services', input)).toMatchObject({ status, body })
  })

  it('ignores the query', async () => {
    expect(await admin.send('POST', '/services?name=a&host=h')).toMatchObject({
      status: 400,
      body: { fields: { host: 'required field missing' } },
    })
  })

  it.each([
    '{"__proto__":{"host":"h"},"host":"h"}',
    '{"constructor":{"prototype":{"x":1}},"host":"h"}',
  ])('takes %s for an unknown field', async (text) => {
    const reply = await admin.send('POST', '/services', text, 'application/json')
    expect(reply.status).toBe(400)
    expect(reply.body.message).toMatch(/: unknown field\)$/)
    expect(({} as Record<string, unknown>).host).toBeUndefined()
  })

  it.each(['/services/__proto__', '/services/constructor', '/schemas/__proto__', '/__proto__'])(
    'finds nothing at %s',
    async (path) => {
      expect((await admin.get(path)).status).toBe(404)
    },
  )

  it('refuses to delete a service with routes', async () => {
    await admin.json('POST /services', { name: 'a', host: 'h' })
    await admin.json('POST /services/a/routes', { paths: ['/a'] })
    expect(await admin.send('DELETE', '/services/a')).toMatchObject({
      status: 400,
      body: {
        code: 4,
        message: "an existing 'routes' entity references this 'services' entity",
        fields: { '@referenced_by': 'routes' },
      },
    })
  })
})

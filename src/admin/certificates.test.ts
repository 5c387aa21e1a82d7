import { beforeEach, describe, expect, it } from 'vitest'
import { type Gate, openAdmin } from '../../test/open-admin.ts'
import { OTHER_P256_KEY, P256_CERT, P256_KEY } from '../lib/keys.fixture.ts'

const A = '11111111-1111-4111-8111-111111111111'
const B = '22222222-2222-4222-8222-222222222222'
const C = '33333333-3333-4333-8333-333333333333'
const PAIR = { cert: P256_CERT, key: P256_KEY }

let admin: Gate
beforeEach(async () => {
  admin = await openAdmin()
  await admin.json('POST /certificates', { id: A, ...PAIR, snis: ['b.test', 'a.test'] })
  await admin.json('POST /certificates', { id: B, ...PAIR, snis: ['other.test'] })
})

const namesOf = async (id: string) => (await admin.get(`/certificates/${id}`)).body.snis
const allNames = async () =>
  ((await admin.get('/snis')).body.data as { name: string }[]).map(({ name }) => name).sort()

describe('reading', () => {
  it('shows the names sorted, in the list too', async () => {
    expect(await namesOf(A)).toEqual(['a.test', 'b.test'])
    expect((await admin.get('/certificates')).body.data).toMatchObject([
      { id: A, snis: ['a.test', 'b.test'] },
      { id: B, snis: ['other.test'] },
    ])
  })

  it('shows an empty list where there are none', async () => {
    const { body } = await admin.json('POST /certificates', PAIR)
    expect(body.snis).toEqual([])
  })

  it.each([
    ['/certificates/a.test', 200, A],
    [`/certificates/${A}`, 200, A],
    ['/certificates/a.test/snis', 200, undefined],
    ['/certificates/none.test', 404, undefined],
    ['/certificates/none.test/snis', 404, undefined],
    ['/certificates/none.test/services', 400, undefined],
    [`/certificates/${A}/snis/a.test`, 200, undefined],
    ['/certificates/b.test/snis/a.test', 200, undefined],
    ['/certificates/other.test/snis/a.test', 404, undefined],
    [`/certificates/${A}/services`, 200, undefined],
    [`/certificates/${A}/upstreams`, 200, undefined],
  ])('GET %s answers %i', async (path, status, id) => {
    const reply = await admin.get(path)
    expect(reply.status).toBe(status)
    if (id !== undefined) expect(reply.body.id).toBe(id)
  })

  it('lists the SNIs of a name, and repeats the name in next', async () => {
    const { body } = await admin.get('/certificates/a.test/snis?size=1')
    expect(body.data).toHaveLength(1)
    expect(body.next).toMatch(/^\/certificates\/a\.test\/snis\?offset=/)
  })
})

describe('nothing there', () => {
  const sniNotFound = { message: 'SNI not found' }
  const notFound = {
    code: 6,
    name: 'not found',
    message: `could not find the entity with primary key '{id="${C}"}'`,
    fields: { id: C },
  }
  it.each([
    ['GET', 'none.test', 404, sniNotFound],
    ['PATCH', 'none.test', 404, sniNotFound],
    ['DELETE', 'none.test', 404, sniNotFound],
    ['GET', 'bad name', 404, sniNotFound],
    ['GET', C, 404, notFound],
    ['PATCH', C, 404, notFound],
    ['DELETE', C, 204, {}],
  ])('%s %s answers %i', async (method, key, status, body) => {
    const reply = await admin.send(method, `/certificates/${encodeURIComponent(key)}`)
    expect([reply.status, reply.body]).toEqual([status, body])
  })
})

describe('POST', () => {
  it.each([
    [['q.test', 'q.test'], 2, 'schema violation (snis: q.test is duplicated)'],
    [
      ['a.test'],
      2,
      `schema violation (snis: a.test already associated with existing certificate '${A}')`,
    ],
    [
      ['other.test', 'a.test'],
      2,
      `schema violation (snis: a.test already associated with existing certificate '${A}')`,
    ],
    ['x.test', 2, 'schema violation (snis: expected an array)'],
    [{ a: 'x.test' }, 2, 'schema violation (snis: expected an array)'],
    [['1.2.3.4'], 10, 'must not be an IP'],
    [['x.test:80'], 10, 'must not have a port'],
    [['a.*.test'], 10, 'wildcard must be leftmost or rightmost character'],
    [['*.a.*'], 10, 'only one wildcard must be specified'],
  ])('refuses snis %j', async (snis, code, message) => {
    const before = await allNames()
    const reply = await admin.json('POST /certificates', { ...PAIR, snis })
    expect([reply.status, reply.body.code, reply.body.message]).toEqual([400, code, message])
    expect(await allNames()).toEqual(before)
  })

  it('makes neither the certificate nor its names when one of them cannot be', async () => {
    const bad = { cert: P256_CERT, key: OTHER_P256_KEY, snis: ['x.test'] }
    expect((await admin.json('POST /certificates', bad)).status).toBe(400)
    expect(await allNames()).toEqual(['a.test', 'b.test', 'other.test'])
    expect((await admin.get('/certificates')).ids).toEqual([A, B])
  })

  it('takes names from a form', async () => {
    const body = new URLSearchParams(PAIR).toString()
    const reply = await admin.form('POST /certificates', `${body}&snis[]=f.test&snis[]=e.test`)
    expect([reply.status, reply.body.snis]).toEqual([201, ['e.test', 'f.test']])
  })
})

describe('PATCH', () => {
  it.each([
    [{ snis: ['c.test', 'a.test'] }, ['a.test', 'c.test']],
    [{ snis: 'c.test' }, ['c.test']],
    [{ snis: [] }, []],
    [{ snis: {} }, []],
    [{ snis: null }, []],
    [{ tags: ['t'] }, ['a.test', 'b.test']],
  ])('%j leaves %j', async (patch, names) => {
    const reply = await admin.json('PATCH /certificates/a.test', patch)
    expect([reply.status, reply.body.id, reply.body.snis]).toEqual([200, A, names])
    expect(await namesOf(A)).toEqual(names)
  })

  it('keeps the SNIs that stay', async () => {
    const { id } = (await admin.get('/snis/a.test')).body
    await admin.json(`PATCH /certificates/${A}`, { snis: ['a.test', 'z.test'] })
    expect((await admin.get('/snis/a.test')).body.id).toBe(id)
  })

  it('refuses a name of another certificate, and changes nothing', async () => {
    const reply = await admin.json(`PATCH /certificates/${A}`, {
      snis: ['other.test'],
      tags: ['t'],
    })
    expect(reply.body.message).toBe(
      `schema violation (snis: other.test already associated with existing certificate '${B}')`,
    )
    expect((await admin.get(`/certificates/${A}`)).body).toMatchObject({
      snis: ['a.test', 'b.test'],
      tags: null,
    })
  })
})

describe('PUT', () => {
  it('takes away the names that are not sent', async () => {
    expect((await admin.json('PUT /certificates/a.test', PAIR)).body).toMatchObject({
      id: A,
      snis: [],
    })
    expect(await admin.get('/certificates/a.test')).toMatchObject({
      status: 404,
      body: { message: 'SNI not found' },
    })
  })

  it('replaces by id, and creates by id', async () => {
    const body = { ...PAIR, snis: ['a.test', 'n.test'] }
    expect((await admin.json(`PUT /certificates/${A}`, body)).body.snis).toEqual(body.snis)
    const made = await admin.json(`PUT /certificates/${C}`, { ...PAIR, snis: 'm.test' })
    expect(made).toMatchObject({ status: 200, body: { id: C, snis: ['m.test'] } })
  })

  it('creates the name it was asked by, beside those it was sent', async () => {
    const { status, body } = await admin.json('PUT /certificates/new.test', {
      ...PAIR,
      snis: ['also.test'],
    })
    expect([status, body.snis]).toEqual([200, ['also.test', 'new.test']])
    expect((await admin.get('/certificates/new.test')).body.id).toBe(body.id)
  })

  it.each([
    ['keeps its name among those sent', 'a.test', { snis: ['c.test'] }, ['a.test', 'c.test']],
    ['keeps its name beside a lone one', 'a.test', { snis: 'c.test' }, ['a.test', 'c.test']],
    ['keeps its name in an empty list', 'a.test', { snis: [] }, ['a.test']],
    ['makes no name where no list is sent', 'new.test', {}, []],
    ['makes no name where null is sent', 'new.test', { snis: null }, []],
  ])('by a name %s', async (_what, name, input, names) => {
    const { status, body } = await admin.json(`PUT /certificates/${name}`, { ...PAIR, ...input })
    expect([status, body.snis]).toEqual([200, names])
    expect(await namesOf(String(body.id))).toEqual(names)
  })

  it.each([
    ['bad name', { ...PAIR }, 10],
    ['new.test', { ...PAIR, snis: 5 }, 2],
    ['new.test', { ...PAIR, snis: ['a.test'] }, 2],
  ])('of %s is refused', async (name, body, code) => {
    const reply = await admin.json(`PUT /certificates/${encodeURIComponent(name)}`, body)
    expect([reply.status, reply.body.code]).toEqual([400, code])
    expect((await admin.get('/certificates')).ids).toEqual([A, B])
  })
})

describe('DELETE', () => {
  it.each([A, 'a.test'])('of %s takes the names along', async (key) => {
    expect((await admin.send('DELETE', `/certificates/${key}`)).status).toBe(204)
    expect(await allNames()).toEqual(['other.test'])
    expect((await admin.get('/certificates')).ids).toEqual([B])
  })

  it('changes nothing while a service uses it', async () => {
    await admin.json('POST /services', {
      name: 's',
      url: 'https://h.test',
      client_certificate: { id: A },
    })
    expect(await admin.send('DELETE', `/certificates/${A}`)).toMatchObject({
      status: 400,
      body: { code: 4, fields: { '@referenced_by': 'services' } },
    })
    expect(await namesOf(A)).toEqual(['a.test', 'b.test'])
    // Kong: only the certificate's own pages know its names.
    expect((await admin.get('/services/s/client_certificate')).body).toMatchObject({
      id: A,
      snis: null,
    })
  })
})

describe('through a service', () => {
  const path = '/services/s/client_certificate'
  beforeEach(async () => {
    await admin.json('POST /services', { name: 's', url: 'https://h.test' })
  })

  it.each([
    [{ snis: ['y.test', 'x.test'] }, ['x.test', 'y.test']],
    [{ snis: [] }, []],
    [{ snis: null }, []],
    [{ snis: 'x.test' }, []],
    [{}, []],
  ])('makes one with the names of %j', async (sent, names) => {
    const { status, body } = await admin.json(`PUT ${path}`, { ...PAIR, ...sent })
    expect([status, body.snis]).toEqual([200, names])
    expect(await namesOf(String(body.id))).toEqual(names)
    expect((await admin.get(path)).body).toMatchObject({ id: body.id, snis: null })
  })

  it.each([
    ['PUT', {}, ['a.test', 'b.test']],
    ['PUT', { snis: ['c.test'] }, ['c.test']],
    ['PUT', { snis: null }, []],
    ['PATCH', {}, ['a.test', 'b.test']],
    ['PATCH', { snis: 'c.test' }, ['a.test', 'b.test']],
    ['PATCH', { snis: ['c.test', 'a.test'] }, ['a.test', 'c.test']],
  ])('%s of %j leaves %j', async (method, sent, names) => {
    await admin.json('PATCH /services/s', { client_certificate: { id: A } })
    const { status, body } = await admin.json(`${method} ${path}`, { ...PAIR, ...sent })
    expect([status, body.id, body.snis]).toEqual([200, A, names])
    expect(await namesOf(A)).toEqual(names)
  })

  it.each([
    ['PUT', { snis: ['other.test'] }, 400],
    ['PUT', { snis: ['x.test', 'x.test'] }, 400],
    ['PUT', { snis: 5 }, 400],
    ['PATCH', {}, 404],
  ])('refuses %s of %j', async (method, sent, status) => {
    expect((await admin.json(`${method} ${path}`, { ...PAIR, ...sent })).status).toBe(status)
    expect((await admin.get('/certificates')).ids).toEqual([A, B])
    expect(await allNames()).toEqual(['a.test', 'b.test', 'other.test'])
  })

  it('goes by what its own page tells', async () => {
    await admin.json('PATCH /services/s', { client_certificate: { id: A } })
    const etag = (await admin.get(path)).headers.get('etag') ?? ''
    const ask = (known: string) =>
      admin.send('PATCH', path, '{"tags":["t"]}', 'application/json', { 'if-match': known })
    expect((await ask('"other"')).status).toBe(412)
    const changed = await ask(etag)
    expect([changed.status, changed.headers.get('etag')]).toEqual([
      200,
      (await admin.get(path)).headers.get('etag'),
    ])
  })

  it.each(['services', 'upstreams'])('is 404 where there are no such %s', async (owners) => {
    const reply = await admin.json(`PUT /${owners}/none/client_certificate`, PAIR)
    expect([reply.status, reply.body]).toEqual([404, { message: 'Not found' }])
  })
})

it.each([
  ['POST', { message: 'SNI not found' }],
  ['PUT', { message: 'Not found' }],
])('answers a %s below a name that leads nowhere', async (method, body) => {
  const path = `/certificates/none.test/snis${method === 'PUT' ? '/x.test' : ''}`
  const reply = await admin.json(`${method} ${path}`, { name: 'x.test' })
  expect([reply.status, reply.body]).toEqual([404, body])
})

it('adds and moves names under their certificate', async () => {
  expect((await admin.json('POST /certificates/a.test/snis', { name: 'x.test' })).status).toBe(201)
  expect(await namesOf(A)).toEqual(['a.test', 'b.test', 'x.test'])
  expect((await admin.json(`PUT /certificates/${B}/snis/x.test`, {})).status).toBe(200)
  expect(await namesOf(B)).toEqual(['other.test', 'x.test'])
  expect((await admin.send('DELETE', `/certificates/${B}/snis/x.test`)).status).toBe(204)
  expect(await namesOf(B)).toEqual(['other.test'])
})

it.each([
  ['POST /certificates', PAIR, 'cannot create'],
  [`PUT /certificates/${A}`, PAIR, 'cannot create or update'],
])('without a database, %s is refused', async (call, body, verb) => {
  const reply = await (await openAdmin({ database: 'off' })).json(call, body)
  expect([reply.status, reply.body.message]).toEqual([
    405,
    `${verb} 'certificates' entities when not using a database`,
  ])
})

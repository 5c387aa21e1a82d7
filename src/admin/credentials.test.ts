import { beforeEach, describe, expect, it } from 'vitest'
import { type Gate, openAdmin } from '../../test/open-admin.ts'

const C = '11111111-1111-4111-8111-111111111111'
const D = '22222222-2222-4222-8222-222222222222'
const K = '33333333-3333-4333-8333-333333333333'
const X = '44444444-4444-4444-8444-444444444444'

let admin: Gate
beforeEach(async () => {
  admin = await openAdmin()
  await admin.json('POST /consumers', { id: C, username: 'c', custom_id: 'cc' })
  await admin.json('POST /consumers', { id: D, username: 'd e/f' })
})

const notFound = { message: 'Not found' }

it.each([
  ['key-auth', 'key-auths', { key: 'k' }, 'k'],
  ['basic-auth', 'basic-auths', { username: 'k', password: 'p' }, 'k'],
  ['hmac-auth', 'hmac-auths', { username: 'k' }, 'k'],
  ['jwt', 'jwts', { key: 'k' }, 'k'],
  ['oauth2', 'oauth2', { name: 'n', client_id: 'k' }, 'k'],
])('%s lives under its consumer and at /%s', async (nested, path, input, key) => {
  const made = await admin.json(`POST /consumers/c/${nested}`, input)
  expect(made).toMatchObject({ status: 201, body: { ...plain(input), consumer: { id: C } } })
  expect(made.body).not.toHaveProperty('updated_at')
  for (const place of [`/consumers/c/${nested}/${key}`, `/consumers/c/${nested}/${made.body.id}`]) {
    expect((await admin.get(place)).body).toEqual(made.body)
  }
  expect((await admin.get(`/${path}/${key}`)).body).toEqual(made.body)
  expect((await admin.get(`/${path}/${key}/consumer`)).body.id).toBe(C)
  expect((await admin.get(`/consumers/${D}/${nested}/${key}`)).body).toEqual(notFound)
  expect((await admin.get(`/consumers/c/${nested}`)).ids).toEqual([made.body.id])
  expect((await admin.get(`/consumers/${D}/${nested}`)).ids).toEqual([])

  expect((await admin.send('DELETE', `/consumers/${D}/${nested}/${key}`)).status).toBe(404)
  expect((await admin.send('DELETE', `/consumers/c/${nested}/${key}`)).status).toBe(204)
  expect((await admin.send('DELETE', `/consumers/c/${nested}/${key}`)).status).toBe(404)
  expect((await admin.send('DELETE', `/${path}/${key}`)).status).toBe(204)
})

/** A password is not shown as it was sent. */
function plain(input: object): object {
  return Object.fromEntries(Object.entries(input).filter(([name]) => name !== 'password'))
}

it('makes a key where none is sent, without a body even', async () => {
  const { status, body } = await admin.send('POST', '/consumers/c/key-auth')
  expect(status).toBe(201)
  expect(body.key).toMatch(/^[A-Za-z0-9]{32}$/)
})

it('takes the call of decK, the name of the consumer beside its id', async () => {
  const input = { id: K, key: 'k', consumer: { id: C, username: 'c' } }
  const call = `PUT /consumers/${C}/key-auth/${K}`
  expect(await admin.json(call, input)).toMatchObject({
    status: 200,
    body: { id: K, key: 'k', consumer: { id: C } },
  })
  expect((await admin.json(call, input)).status).toBe(200)
})

it('moves a key by PUT under another consumer', async () => {
  await admin.json('POST /consumers/c/key-auth', { id: K, key: 'k' })
  expect((await admin.json(`PUT /consumers/${D}/key-auth/k`, {})).body).toMatchObject({
    id: K,
    consumer: { id: D },
  })
  expect((await admin.get('/consumers/c/key-auth')).ids).toEqual([])
})

it('finds a consumer by any name', async () => {
  expect((await admin.get('/consumers/d%20e%2Ff')).body.id).toBe(D)
  expect((await admin.get('/consumers/d%20e%2Ff/acls')).status).toBe(200)
})

it('goes with its consumer', async () => {
  await admin.json('POST /consumers/c/key-auth', {})
  await admin.json('POST /consumers/c/acls', { group: 'g' })
  expect((await admin.send('DELETE', '/consumers/c')).status).toBe(204)
  expect([(await admin.get('/key-auths')).ids, (await admin.get('/acls')).ids]).toEqual([[], []])
})

describe('a basic-auth password', () => {
  const DIGEST = /^[0-9a-f]{40}$/
  it('is changed under its consumer, or with it', async () => {
    const { body } = await admin.json('POST /consumers/c/basic-auth', {
      username: 'u',
      password: 'p',
    })
    expect(body.password).toMatch(DIGEST)
    const nested = await admin.json('PATCH /consumers/c/basic-auth/u', { password: 'q' })
    expect(nested.status).toBe(200)
    expect(nested.body.password).not.toBe(body.password)
    const alone = await admin.json('PATCH /basic-auths/u', { password: 'q' })
    expect([alone.status, alone.body.message]).toEqual([
      400,
      "schema violation (all or none of these fields must be set: 'password', 'consumer.id')",
    ])
    const both = { password: 'q', consumer: { username: 'c' } }
    expect((await admin.json('PATCH /basic-auths/u', both)).body).toMatchObject({
      password: nested.body.password,
    })
  })
})

describe('groups', () => {
  it('are made and found by name under their consumer', async () => {
    const made = await admin.send('PUT', '/consumers/c/acls/g')
    expect(made).toMatchObject({ status: 200, body: { group: 'g', consumer: { id: C } } })
    const again = await admin.json('PUT /consumers/c/acls/g', { tags: ['t'] })
    expect(again.body).toMatchObject({ id: made.body.id, tags: ['t'] })
    expect((await admin.get('/consumers/c/acls/g')).body).toEqual(again.body)
    expect((await admin.get(`/acls/${made.body.id}`)).body).toEqual(again.body)
  })

  it('are named by the body, where it names one', async () => {
    await admin.json('PUT /consumers/c/acls/g', { group: 'other' })
    expect((await admin.get('/consumers/c/acls/g')).body).toEqual(notFound)
    const { body } = await admin.get('/consumers/c/acls/other')
    const renamed = await admin.json('PUT /consumers/c/acls/other', { group: 'third' })
    expect(renamed.body).toMatchObject({ id: body.id, group: 'third' })
    expect((await admin.json('PUT /consumers/c/acls/third', { group: null })).status).toBe(400)
  })

  it('are told apart by consumer', async () => {
    await admin.send('PUT', '/consumers/c/acls/g')
    expect((await admin.get(`/consumers/${D}/acls/g`)).body).toEqual(notFound)
    expect((await admin.send('PUT', `/consumers/${D}/acls/g`)).status).toBe(200)
    expect((await admin.json('POST /consumers/c/acls', { group: 'g' })).body.code).toBe(5)
    expect((await admin.json('PATCH /consumers/c/acls/g', { group: 'h' })).body.group).toBe('h')
    expect((await admin.send('DELETE', '/consumers/c/acls/h')).status).toBe(204)
    expect((await admin.get('/acls')).ids).toHaveLength(1)
  })

  it.each([
    ['GET', '/consumers/c/acls/none', 404],
    ['PATCH', '/consumers/c/acls/none', 404],
    ['DELETE', '/consumers/c/acls/none', 404],
    ['GET', '/acls/g', 400],
    ['PUT', '/acls/g', 400],
    ['GET', `/acls/${X}`, 404],
  ])('%s %s answers %i', async (method, path, status) => {
    expect((await admin.send(method, path)).status).toBe(status)
  })

  it('say that they have no key beyond their consumer', async () => {
    expect((await admin.get('/acls/g')).body).toMatchObject({
      code: 1,
      message: `invalid primary key: '{id="expected a valid UUID"}'`,
      fields: { id: 'expected a valid UUID' },
    })
  })
})

describe('ttl', () => {
  it('is shown as the seconds left, and null without', async () => {
    const { body } = await admin.json('POST /consumers/c/key-auth', { key: 'k', ttl: 100 })
    expect(body.ttl === 100 || body.ttl === 99).toBe(true)
    expect((await admin.json('POST /consumers/c/key-auth', {})).body.ttl).toBeNull()
    expect((await admin.form('POST /consumers/c/key-auth', 'ttl=50')).body.ttl).toBeGreaterThan(48)
    const text = await admin.json('POST /consumers/c/key-auth', { ttl: '50' })
    expect(text.body.ttl).toBeGreaterThan(48)
  })

  it.each([-1, 1.5, 100000001, 'x'])('refuses %j', async (ttl) => {
    const reply = await admin.json('POST /consumers/c/key-auth', { ttl })
    const text = 'must be an integer between 0 and 100000000'
    expect([reply.status, reply.body]).toEqual([
      400,
      {
        code: 11,
        name: 'invalid options',
        message: `invalid option (ttl: ${text})`,
        options: { ttl: text },
      },
    ])
  })
})

describe('GET /consumers', () => {
  it.each([
    ['?custom_id=cc', [C]],
    ['?custom_id=none', []],
    ['?username=c', [C, D]],
  ])('%s', async (query, ids) => {
    const reply = await admin.get(`/consumers${query}`)
    expect(reply.ids).toEqual(ids)
    expect(reply.body.next).toBeNull()
    expect(reply.body).not.toHaveProperty('offset')
  })

  it.each(['?custom_id=', '?custom_id', '?custom_id=cc&custom_id=cc', '?custom_id[]=cc'])(
    'refuses %s',
    async (query) => {
      expect(await admin.get(`/consumers${query}`)).toMatchObject({
        status: 400,
        body: { message: 'custom_id must be an unempty string' },
      })
    },
  )
})

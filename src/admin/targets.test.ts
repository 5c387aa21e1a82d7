import { beforeEach, describe, expect, it } from 'vitest'
import { type Gate, openAdmin } from '../../test/open-admin.ts'

const A = '11111111-1111-4111-8111-111111111111'
const B = '22222222-2222-4222-8222-222222222222'
const C = '33333333-3333-4333-8333-333333333333'

let admin: Gate
beforeEach(async () => {
  admin = await openAdmin()
  await admin.json('POST /upstreams', { name: 'u' })
  await admin.json('POST /upstreams', { name: 'other' })
})

const add = (id: string, target: string) =>
  admin.json('POST /upstreams/u/targets', { id, target, created_at: Number(id[0]) * 1000 })

describe('the list', () => {
  beforeEach(async () => {
    await add(A, 'a.test:1')
    await add(C, 'c.test:3')
    await add(B, 'b.test:2')
  })

  it.each([
    ['', [C, B, A], null, undefined],
    ['?size=2', [C, B], '/upstreams/u/targets?offset=2', '2'],
    ['?size=2&offset=2', [A], null, undefined],
    ['?size=1.5', [C], '/upstreams/u/targets?offset=1', '1'],
    ['?size=5000', [C, B, A], null, undefined],
    ['?size=0', [], '/upstreams/u/targets?offset=0', '0'],
  ])('goes newest first%s', async (query, ids, next, offset) => {
    const reply = await admin.get(`/upstreams/u/targets${query}`)
    expect(reply.ids).toEqual(ids)
    expect(reply.body.next).toBe(next)
    expect(reply.body.offset).toBe(offset)
  })

  it('turns those of one moment about by their ids', async () => {
    for (const [id, text] of [
      [A.replace(/^1/, '3'), 'x.test:1'],
      [C.replace(/3$/, '4'), 'y.test:1'],
    ] as const) {
      await add(id, text)
    }
    const ids = [C.replace(/3$/, '4'), C, A.replace(/^1/, '3')]
    expect((await admin.get('/upstreams/u/targets?size=3')).ids).toEqual(ids)
  })

  it.each(['?size=x', '?size=', '?size'])('refuses %s', async (query) => {
    for (const list of ['targets', 'health']) {
      expect(await admin.get(`/upstreams/u/${list}${query}`)).toMatchObject({
        status: 400,
        body: { code: 9, message: 'size must be a number' },
      })
    }
  })

  it('refuses an offset that is no number', async () => {
    expect(await admin.get('/upstreams/u/targets?offset=abc')).toMatchObject({
      status: 400,
      body: { code: 7 },
    })
  })

  it('shows all by id, with the usual pages', async () => {
    const { ids, body } = await admin.get('/upstreams/u/targets/all?size=2')
    expect(ids).toEqual([A, B])
    expect(body.next).toMatch(/^\/upstreams\/u\/targets\/all\?offset=[^&]+$/)
    expect((await admin.get('/upstreams/u/targets/all?size=0')).status).toBe(400)
  })
})

describe('a target', () => {
  beforeEach(async () => {
    await add(A, 'a.test')
  })

  it('is stored with its port, and unique in its upstream', async () => {
    expect((await admin.get(`/upstreams/u/targets/${A}`)).body).toMatchObject({
      target: 'a.test:8000',
      weight: 100,
    })
    expect(await add(B, 'a.test:8000')).toMatchObject({ status: 409, body: { code: 5 } })
  })

  it.each([
    ['GET', '/upstreams/u/targets/a.test:8000', 200],
    ['GET', '/upstreams/u/targets/a.test', 404],
    ['GET', `/upstreams/other/targets/${A}`, 404],
    ['GET', `/upstreams/none/targets/${A}`, 404],
    ['PATCH', '/upstreams/u/targets/a.test:8000', 200],
    ['PUT', `/upstreams/u/targets/${A}`, 200],
    ['PUT', `/upstreams/u/targets/${B}`, 404],
    ['PATCH', `/upstreams/u/targets/${B}`, 404],
    ['DELETE', `/upstreams/u/targets/${B}`, 404],
    ['DELETE', `/upstreams/u/targets/${A}`, 204],
    ['PATCH', '/upstreams/u/targets', 405],
    ['PUT', '/upstreams/u/targets', 405],
    ['DELETE', '/upstreams/u/targets', 405],
    ['GET', '/targets', 404],
    ['POST', '/targets', 404],
    ['OPTIONS', '/targets', 404],
    ['GET', `/targets/${A}`, 404],
    ['GET', `/targets/${A}/upstream`, 404],
  ])('%s %s answers %i', async (method, path, status) => {
    const reply = await admin.send(method, path)
    expect(reply.status).toBe(status)
    if (status === 404 && method !== 'OPTIONS') expect(reply.body).toEqual({ message: 'Not found' })
  })

  it('is changed in part by PUT, as by PATCH', async () => {
    await admin.json(`PATCH /upstreams/u/targets/${A}`, { tags: ['t'] })
    const { body } = await admin.json(`PUT /upstreams/u/targets/${A}`, { weight: 7 })
    expect(body).toMatchObject({ weight: 7, tags: ['t'], target: 'a.test:8000' })
  })

  it('goes with its upstream', async () => {
    expect((await admin.send('DELETE', '/upstreams/u')).status).toBe(204)
    expect((await admin.get('/upstreams/u/targets')).status).toBe(404)
  })
})

it.each([
  [{ target: 'a b' }, 'target: Invalid target; not a valid hostname or ip address'],
  [{ target: '', nope: 1 }, 'target: Invalid target; not a valid hostname or ip address'],
  [{}, 'target: required field missing'],
  [{ target: 1 }, 'target: expected a string'],
  [{ target: 'a', weight: -1 }, 'weight: value should be between 0 and 65535'],
])('refuses %j', async (input, message) => {
  expect(await admin.json('POST /upstreams/u/targets', input)).toMatchObject({
    status: 400,
    body: { code: 2, message: `schema violation (${message})` },
  })
})

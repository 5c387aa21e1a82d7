import { beforeEach, expect, it } from 'vitest'
import { type Gate, openAdmin } from '../../test/open-admin.ts'

const S = '11111111-1111-4111-8111-111111111111'
const T = '22222222-2222-4222-8222-222222222222'
const R = '33333333-3333-4333-8333-333333333333'
const X = '44444444-4444-4444-8444-444444444444'

let admin: Gate
beforeEach(async () => {
  admin = await openAdmin()
  await admin.json('POST /services', { id: S, name: 's', host: 's.test' })
  await admin.json('POST /services', { id: T, name: 't', host: 't.test' })
  await admin.json('POST /services/s/routes', { id: R, name: 'r', paths: ['/r'] })
})

const notFound = { status: 404, body: { message: 'Not found' } }

it.each([
  ['GET', '/services/s/routes/r', 200],
  ['GET', `/services/${S}/routes/${R}`, 200],
  ['GET', '/services/t/routes/r', 404],
  ['GET', '/services/none/routes', 404],
  ['GET', '/services/none/routes/r', 404],
  ['GET', '/services/bad%20name/routes', 400],
  ['POST', '/services/none/routes', 404],
  ['PATCH', '/services/s/routes/r', 200],
  ['PATCH', '/services/t/routes/r', 404],
  ['PUT', '/services/none/routes/r', 404],
  ['DELETE', '/services/t/routes/r', 404],
  ['DELETE', '/services/s/routes/none', 404],
  ['DELETE', '/services/s/routes/r', 204],
  ['PUT', '/services/s/routes', 405],
  ['GET', '/routes/r/service', 200],
  ['GET', '/routes/none/service', 404],
  ['PATCH', '/routes/r/service', 200],
  ['POST', '/routes/r/service', 405],
  ['DELETE', '/routes/r/service', 405],
  ['DELETE', '/routes/none/service', 404],
])('%s %s answers %i', async (method, path, status) => {
  expect((await admin.send(method, path)).status).toBe(status)
})

it('lists one parent only, and repeats no size', async () => {
  await admin.json('POST /services/s/routes', { id: X, paths: ['/x'] })
  await admin.json('POST /services/t/routes', { paths: ['/t'] })
  const { ids, body } = await admin.get('/services/s/routes?size=1&tags=ignored')
  expect(ids).toEqual([R])
  expect(body.next).toMatch(/^\/services\/s\/routes\?offset=[^&]+$/)
  expect((await admin.get(String(body.next))).ids).toEqual([X])
})

it('lets the path win over the reference in a POST', async () => {
  const { body } = await admin.json('POST /services/s/routes', {
    paths: ['/x'],
    service: { id: T },
  })
  expect(body.service).toEqual({ id: S })
})

it('moves a child by PUT, and by the reference of a PATCH', async () => {
  const moved = await admin.json('PUT /services/t/routes/r', { paths: ['/m'] })
  expect(moved).toMatchObject({ status: 200, body: { id: R, name: 'r', service: { id: T } } })
  const back = await admin.json('PATCH /services/t/routes/r', { service: { name: 's' } })
  expect(back).toMatchObject({ status: 200, body: { service: { id: S } } })
})

it('replaces the parent in place', async () => {
  const { status, body } = await admin.json('PUT /routes/r/service', { host: 'new.test' })
  expect(status).toBe(200)
  expect(body).toMatchObject({ id: S, name: null, host: 'new.test' })
})

it('creates and links a parent where there is none', async () => {
  await admin.json('POST /routes', { id: X, paths: ['/x'] })
  expect(await admin.get(`/routes/${X}/service`)).toMatchObject(notFound)
  expect(await admin.json(`PATCH /routes/${X}/service`, {})).toMatchObject(notFound)
  expect(await admin.send('DELETE', `/routes/${X}/service`)).toMatchObject(notFound)
  const made = await admin.json(`PUT /routes/${X}/service`, { host: 'new.test' })
  expect(made.status).toBe(200)
  expect((await admin.get(`/routes/${X}`)).body.service).toEqual({ id: made.body.id })
})

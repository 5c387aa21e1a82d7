import { beforeEach, describe, expect, it } from 'vitest'
import { type Gate, openAdmin } from '../../test/open-admin.ts'
import { P256_CERT, P256_KEY } from '../lib/keys.fixture.ts'

const S = '11111111-1111-4111-8111-111111111111'
const R = '22222222-2222-4222-8222-222222222222'
const U = '33333333-3333-4333-8333-333333333333'
const T = '44444444-4444-4444-8444-444444444444'
const C = '55555555-5555-4555-8555-555555555555'

let admin: Gate
beforeEach(async () => {
  admin = await openAdmin()
})

const put = (entity: string, id: string, value: object) => ({ put: { entity, id, value } })
const drop = (entity: string, id: string) => ({ delete: { entity, id } })
const send = (steps: unknown, more: object = {}) => admin.json('POST /batch', { steps, ...more })
const revision = async () => Number((await admin.get('/')).headers.get('x-config-revision'))

const SEVERAL = [
  put('services', S, { name: 's', host: 'h' }),
  put('routes', R, { paths: ['/r'], service: { id: S } }),
  put('upstreams', U, { name: 'u' }),
  put('targets', T, { target: 't.test', upstream: { id: U } }),
]

it('makes several things in one commit, targets too', async () => {
  const before = await revision()
  const reply = await send(SEVERAL)
  expect([reply.status, reply.body]).toEqual([200, { revision: before + 1, put: 4, deleted: 0 }])
  expect((await admin.get(`/routes/${R}`)).body.service).toEqual({ id: S })
  expect((await admin.get('/upstreams/u/targets')).ids).toEqual([T])
})

it('replaces and deletes, children first', async () => {
  await send(SEVERAL)
  const reply = await send([
    put('services', S, { id: U, host: 'other' }),
    drop('routes', R),
    drop('services', S),
    drop('services', C),
  ])
  expect(reply.body).toMatchObject({ put: 1, deleted: 3 })
  expect((await admin.get('/services')).ids).toEqual([])
})

it('keeps nothing of a rehearsal, and says what would be', async () => {
  const before = await revision()
  const reply = await send(SEVERAL, { dry_run: true })
  expect([reply.status, reply.body]).toEqual([200, { revision: before, put: 4, deleted: 0 }])
  expect((await admin.get('/services')).ids).toEqual([])
})

it('does nothing when told nothing', async () => {
  const before = await revision()
  expect((await send([])).body).toEqual({ revision: before, put: 0, deleted: 0 })
})

describe('keeps nothing when a step is refused, and names the first', () => {
  it.each([
    [put('services', C, {}), 400, { code: 2, fields: { host: 'required field missing' } }],
    [put('services', C, { name: 's', host: 'h' }), 409, { code: 5, fields: { name: 's' } }],
    [put('routes', C, { paths: ['/'], service: { id: C } }), 400, { code: 4 }],
    [put('routes', C, { paths: ['/'], service: { name: 'x' } }), 400, { code: 13 }],
    [drop('services', S), 400, { code: 4, fields: { '@referenced_by': 'routes' } }],
  ])('%j', async (step, status, body) => {
    const before = await revision()
    const reply = await send([...SEVERAL, step, put('services', T, {})])
    expect(reply.status).toBe(status)
    expect(reply.body).toMatchObject({ ...body, step: 4 })
    expect(await revision()).toBe(before)
    expect((await admin.get('/services')).ids).toEqual([])
  })
})

it.each([
  [undefined, {}, 'Cannot read "steps", an array is expected'],
  [[], { dry_run: 1 }, 'Cannot read "dry_run", a boolean is expected'],
  [[{}], {}, 'Cannot read step 0: one "put" or "delete" is expected'],
  [[null], {}, 'Cannot read step 0: one "put" or "delete" is expected'],
  [
    [{ ...drop('services', S), ...put('services', S, {}) }],
    {},
    'Cannot read step 0: one "put" or "delete" is expected',
  ],
  [[...SEVERAL, drop('nope', S)], {}, "Cannot read step 4: no entity named 'nope'"],
  [[drop('workspaces', S)], {}, "Cannot read step 0: no entity named 'workspaces'"],
  [[drop('services', 's')], {}, 'Cannot read step 0: "id" must be a UUID'],
  [[{ put: { entity: 'services', id: S } }], {}, 'Cannot read step 0: "value" must be an object'],
])('refuses %j %j', async (steps, more, message) => {
  const reply = await send(steps, more)
  expect([reply.status, reply.body]).toEqual([400, { message }])
})

it('refuses what is not JSON', async () => {
  expect((await admin.send('POST', '/batch', 'steps: []', 'text/yaml')).status).toBe(415)
  expect((await admin.form('POST /batch', 'steps[]=x')).status).toBe(415)
})

it('puts certificates with their names', async () => {
  const value = { cert: P256_CERT, key: P256_KEY, snis: ['a.test'] }
  expect((await send([put('certificates', C, value)])).status).toBe(200)
  expect((await admin.get('/certificates/a.test')).body).toMatchObject({ id: C, snis: ['a.test'] })
  const again = await send([put('certificates', S, value)])
  expect(again.body).toMatchObject({ code: 2, step: 0, fields: { snis: expect.any(String) } })
})

it('takes thousands of steps', async () => {
  const steps = Array.from({ length: 5000 }, (_, i) =>
    put('services', `00000000-0000-4000-9000-${String(i).padStart(12, '0')}`, {
      name: `s${i}`,
      host: 'h.test',
      retries: 5,
      protocol: 'http',
      port: 80,
      connect_timeout: 60000,
      read_timeout: 60000,
      write_timeout: 60000,
      enabled: true,
    }),
  )
  expect((await send(steps)).body).toMatchObject({ put: 5000 })
})

it('is refused without a database', async () => {
  const reply = await (await openAdmin({ database: 'off' })).json('POST /batch', {
    steps: SEVERAL,
  })
  expect([reply.status, reply.body]).toEqual([
    405,
    {
      code: 12,
      name: 'operation unsupported',
      message: "cannot create or update 'services' entities when not using a database",
      step: 0,
    },
  ])
})

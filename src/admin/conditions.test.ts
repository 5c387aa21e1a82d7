import { beforeEach, describe, expect, it } from 'vitest'
import { type Gate, openAdmin } from '../../test/open-admin.ts'
import { P256_CERT, P256_KEY } from '../lib/keys.fixture.ts'

const A = '11111111-1111-4111-8111-111111111111'
const B = '22222222-2222-4222-8222-222222222222'
const STALE = '"nothing like it"'
const STRONG = /^"[A-Za-z0-9+/=]+"$/

let admin: Gate
beforeEach(async () => {
  admin = await openAdmin()
  await admin.json('POST /services', { id: A, name: 's', host: 'h' })
  await admin.json('POST /services', { name: 'free', host: 'h' })
  await admin.json('POST /services/s/routes', { name: 'r', paths: ['/r'] })
  await admin.json('POST /upstreams', { name: 'u' })
  await admin.json('POST /upstreams/u/targets', { target: 't.test:1' })
  await admin.json('POST /consumers', { username: 'c' })
  await admin.json('POST /consumers/c/key-auth', { key: 'k', ttl: 1000 })
  await admin.json('POST /plugins', { name: 'cors', instance_name: 'p' })
  await admin.json('POST /certificates', { cert: P256_CERT, key: P256_KEY, snis: ['a.test'] })
})

/** Sends with headers of its own. */
function ask(method: string, path: string, headers: Record<string, string>, body?: object) {
  return body === undefined
    ? admin.send(method, path, undefined, undefined, headers)
    : admin.send(method, path, JSON.stringify(body), 'application/json', headers)
}

const etagOf = async (path: string) => (await admin.get(path)).headers.get('etag') ?? ''

const ITEMS: readonly (readonly [string, object])[] = [
  ['/services/free', { tags: ['t'] }],
  ['/services/s/routes/r', { tags: ['t'] }],
  ['/routes/r/service', { tags: ['t'] }],
  ['/upstreams/u/targets/t.test:1', { weight: 7 }],
  ['/consumers/c/key-auth/k', { tags: ['t'] }],
  ['/key-auths/k', { tags: ['t'] }],
  ['/plugins/p', { enabled: false }],
  ['/certificates/a.test', { snis: ['a.test', 'b.test'] }],
]

describe.each(ITEMS)('%s', (path, patch) => {
  it('has an ETag that changes with it alone', async () => {
    const etag = await etagOf(path)
    expect(etag).toMatch(STRONG)
    expect(await etagOf(path)).toBe(etag)
    const changed = await admin.json(`PATCH ${path}`, patch)
    expect(changed.status).toBe(200)
    expect(changed.headers.get('etag')).toMatch(STRONG)
    expect(changed.headers.get('etag')).not.toBe(etag)
    expect(await etagOf(path)).toBe(changed.headers.get('etag'))
  })

  it('answers 304 to who has it already', async () => {
    const etag = await etagOf(path)
    const known = await ask('GET', path, { 'if-none-match': `W/"x", ${etag}` })
    expect([known.status, known.text, known.headers.get('etag')]).toEqual([304, '', etag])
    expect((await ask('GET', path, { 'if-none-match': STALE })).status).toBe(200)
  })

  // Kong: a parent cannot be deleted through its child.
  const verbs = path.endsWith('/service') ? ['PATCH'] : ['PATCH', 'DELETE']
  it.each(verbs)('takes a %s of what is still so, and no other', async (method) => {
    const etag = await etagOf(path)
    const body = method === 'PATCH' ? patch : undefined
    const lost = await ask(method, path, { 'if-match': STALE }, body)
    expect(lost.status).toBe(412)
    expect(lost.body).toEqual({
      message: 'This was changed since you read it: GET it again and repeat with its new ETag',
    })
    expect(await etagOf(path)).toBe(etag)
    const won = await ask(method, path, { 'if-match': `${STALE}, ${etag}` }, body)
    expect(won.status).toBe(method === 'PATCH' ? 200 : 204)
  })
})

describe('PUT', () => {
  const input = { host: 'new' }
  it.each([
    ['/services/s', { 'if-match': STALE }, 412],
    ['/services/s', { 'if-match': '*' }, 200],
    ['/services/none', { 'if-match': '*' }, 412],
    [`/services/${B}`, { 'if-match': STALE }, 412],
    ['/services/s', { 'if-none-match': '*' }, 412],
    [`/services/${A}`, { 'if-none-match': '*' }, 412],
    ['/services/none', { 'if-none-match': '*' }, 200],
    [`/services/${B}`, { 'if-none-match': '*' }, 200],
    ['/routes/r/service', { 'if-none-match': '*' }, 412],
    ['/routes/r/service', { 'if-match': STALE }, 412],
  ])('%s with %j answers %i', async (path, headers, status) => {
    const before = (await admin.get('/services')).text
    const reply = await ask('PUT', path, headers as unknown as Record<string, string>, input)
    expect(reply.status).toBe(status)
    if (status === 412) expect((await admin.get('/services')).text).toBe(before)
  })

  it('creates a nested child only where there is none', async () => {
    const headers = { 'if-none-match': '*' }
    expect((await ask('PUT', '/consumers/c/acls/g', headers, {})).status).toBe(200)
    expect((await ask('PUT', '/consumers/c/acls/g', headers, {})).status).toBe(412)
  })
})

it.each([
  ['DELETE', '/services/none', 412],
  ['DELETE', `/certificates/${B}`, 412],
  ['PATCH', '/services/none', 404],
  ['DELETE', '/services/s/routes/none', 404],
])('%s %s of nothing with If-Match answers %i', async (method, path, status) => {
  expect((await ask(method, path, { 'if-match': '*' })).status).toBe(status)
})

it('lets one of two racing changes win', async () => {
  const etag = await etagOf('/services/s')
  const race = ['a', 'b', 'c'].map((host) =>
    ask('PATCH', '/services/s', { 'if-match': etag }, { host }),
  )
  const statuses = (await Promise.all(race)).map(({ status }) => status)
  expect(statuses.sort()).toEqual([200, 412, 412])
})

it('gives one row to two who PUT the same new name', async () => {
  const race = ['a', 'b'].map((host) => admin.json('PUT /services/new', { host }))
  expect((await Promise.all(race)).map(({ status }) => status)).toEqual([200, 200])
  expect((await admin.get('/services')).ids).toHaveLength(3)
})

it('gives lists no ETag', async () => {
  expect((await admin.get('/services')).headers.has('etag')).toBe(false)
})

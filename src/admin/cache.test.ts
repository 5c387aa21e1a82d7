import { beforeEach, expect, it } from 'vitest'
import { type Gate, openAdmin } from '../../test/open-admin.ts'
import { createTrafficCounts, type TrafficCounts } from '../proxy/traffic-counts.ts'

const KEY = '/cache/keyauth_credentials:k:1:::::ws'

let admin: Gate
let counts: TrafficCounts

beforeEach(async () => {
  counts = createTrafficCounts()
  admin = await openAdmin({ counts })
  await admin.json('POST /consumers', { username: 'bob' })
  await admin.json('POST /consumers/bob/key-auth', { key: 'k:1' })
})

const statusOf = async (path: string) => (await admin.get(path)).status

it('has an entity once a request has come', async () => {
  expect(await admin.get(KEY)).toMatchObject({ status: 404, body: { message: 'Not found' } })
  counts.arrived()
  expect(await admin.get(KEY)).toMatchObject({ status: 200, body: { key: 'k:1' } })
})

it('knows entities by their id', async () => {
  const { id } = (await admin.get('/consumers/bob')).body
  counts.arrived()
  expect((await admin.get(`/cache/consumers:${id}:::::`)).body).toMatchObject({ username: 'bob' })
})

it('has the groups of a consumer in one', async () => {
  const { id } = (await admin.get('/consumers/bob')).body
  for (const group of ['a', 'b']) await admin.json('POST /consumers/bob/acls', { group })
  counts.arrived()
  const found = JSON.parse((await admin.get(`/cache/acls:${id}:::::ws`)).text)
  expect(found.map(({ group }: { group: string }) => group).sort()).toEqual(['a', 'b'])
})

it.each([
  'keyauth_credentials:other:::::ws',
  'keyauth_credentials:k',
  'nope:k',
  'services:x',
  'acls:a:b::::',
  'x',
])('has no %s', async (key) => {
  counts.arrived()
  expect(await statusOf(`/cache/${key}`)).toBe(404)
})

it.each([
  ['a change', 'PATCH', '/key-auths/k:1', '{"tags":["a"]}'],
  ['a purge of it', 'DELETE', KEY, undefined],
  ['a purge of all', 'DELETE', '/cache', undefined],
])('is empty after %s until the next request', async (_name, method, path, body) => {
  counts.arrived()
  await admin.send(method, path, body, 'application/json')
  expect(await statusOf(KEY)).toBe(404)
  counts.arrived()
  expect(await statusOf(KEY)).toBe(200)
})

it('keeps an entity when another table changes', async () => {
  counts.arrived()
  await admin.json('POST /services', { host: 'a.test' })
  expect(await statusOf(KEY)).toBe(200)
})

it('tells another version of the routes after a change, and after a purge', async () => {
  const version = async () => {
    counts.arrived()
    return (await admin.get('/cache/router:version')).body.message
  }
  const seen = [await version()]
  expect(await version()).toBe(seen[0])
  await admin.json('POST /services', { host: 'a.test' })
  seen.push(await version())
  await admin.send('DELETE', '/cache/router:version')
  expect(await statusOf('/cache/router:version')).toBe(404)
  seen.push(await version())
  expect(new Set(seen).size).toBe(3)
})

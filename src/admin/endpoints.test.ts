import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type Gate, openAdmin } from '../../test/open-admin.ts'

const file = new URL('../../test/schemas/endpoints.json', import.meta.url)
const KONGS: readonly string[] = JSON.parse(readFileSync(file, 'utf8')).data
const OURS = [
  '/batch',
  '/config/text',
  '/debug/explain',
  '/debug/send',
  '/openapi.json',
  '/revisions',
  '/revisions/{revision}/restore',
  '/upstreams/{upstreams}/events',
]

const listed = async (gate: Gate) => (await gate.get('/endpoints')).body.data as string[]

it("lists Kong's patterns in Kong's order, and few of our own", async () => {
  const patterns = await listed(await openAdmin())
  expect(patterns.filter((pattern) => !OURS.includes(pattern))).toEqual(KONGS)
  expect(KONGS).toHaveLength(141)
})

it('answers no pattern with a 500, whoever asks for nothing there', async () => {
  const admin = await openAdmin()
  for (const pattern of await listed(admin)) {
    const path = pattern.replaceAll(/\{\w+\}/g, '11111111-1111-4111-8111-111111111111')
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'BREW']) {
      const { status } = await admin.send(method, path)
      expect(status === 501 || status < 500, `${method} ${path} -> ${status}`).toBe(true)
    }
  }
  expect(admin.logged).toEqual([])
})

it.each([
  '/workspaces',
  '/default/workspaces',
  '/default/workspaces/default',
  '/foo/services',
  '/default',
  '/consumer_groups',
  '/rbac/users',
  '/admins',
  '/licenses',
  '/license/report',
  '/event-hooks',
  '/partials',
  '/degraphql_routes',
  '/graphql-rate-limiting-advanced/costs',
  '/mtls-auths',
  '/custom-plugins',
  '/cloned-plugins',
  '/userinfo',
  '/auth',
  '/events',
  '/keyrings',
  '/targets',
  '/targets/x',
  '/targets/x/upstream',
  '/snis/a.test/certificate',
])('%s is absent, whatever is asked', async (path) => {
  const admin = await openAdmin()
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    const reply = await admin.send(method, path)
    expect([method, reply.status, reply.body]).toEqual([method, 404, { message: 'Not found' }])
  }
  expect(await admin.send('HEAD', path)).toMatchObject({ status: 404, text: '' })
})

it('takes the one workspace for a prefix, as Terraform sends it', async () => {
  const admin = await openAdmin()
  const made = await admin.json('POST /default/services', { name: 's', host: 'h' })
  expect(made.status).toBe(201)
  await admin.json('POST /services', { host: 'h' })
  expect(await admin.get('/default/services/s')).toMatchObject({ status: 200, body: made.body })
  const { body } = await admin.get('/default/services?size=1')
  expect(body.next).toMatch(/^\/default\/services\?offset=/)
  expect((await admin.get(String(body.next))).ids).toHaveLength(1)
  expect((await admin.send('DELETE', '/default/services/s')).status).toBe(204)
})

it('knows no pages of plugins that are not loaded', async () => {
  const bare = await openAdmin({ plugins: [] })
  const patterns = await listed(bare)
  for (const absent of ['/key-auths', '/proxy-cache', '/acme', '/metrics', '/oauth2']) {
    expect(patterns).not.toContain(absent)
  }
  expect(patterns).toContain('/plugins')
})

it.each([
  ['/tags/%ff', 'invalid utf-8 character sequence detected at position 1'],
  ['/services/a%EF%BF%BD+%e5%86', 'invalid utf-8 character sequence detected at position 6'],
  ['/services/%zz', 'Cannot decode path'],
])('tells what is wrong with the path %s', async (path, message) => {
  const { status, body } = await (await openAdmin()).get(path)
  expect([status, body]).toEqual([400, { message }])
})

import { expect, it } from 'vitest'
import { incoming } from '../proxy/fakes.ts'
import { openWhole } from './gate.ts'

async function opened() {
  const whole = await openWhole(() => incoming())
  const { admin, gateway } = whole
  await admin('POST', '/services', { name: 'shop', host: 'a.test' })
  await admin('POST', '/services/shop/routes', { name: 'all', paths: ['/'] })
  const post = async (order: unknown, headers: Record<string, string> = {}) => {
    const response = await gateway.admin(
      new Request('http://localhost:8001/config/text', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'test/1 x', ...headers },
        body: JSON.stringify(order),
      }),
    )
    return { status: response.status, body: await response.json() }
  }
  const read = async () => {
    const { body } = await admin('GET', '/config/text')
    return { text: String(body.text), revision: Number(body.revision) }
  }
  return { ...whole, post, read }
}

it('gives all there is as one text, which changes nothing when it is put back', async () => {
  const { post, read } = await opened()
  const { text, revision } = await read()
  expect(text).toContain("_format_version: '3.0'")
  expect(text).toContain('name: shop')
  const { status, body } = await post({ text, dry_run: true })
  expect([status, body.changes, body.summary.total]).toEqual([200, [], 0])
  expect(await post({ text })).toMatchObject({ status: 200, body: { revision, changes: [] } })
})

const EDITED = `_format_version: "3.0"
services:
- name: shop
  host: b.test
consumers:
- username: mia
  keyauth_credentials: [{ key: very-secret }]
`

it('tells what a text would change and keeps nothing of it', async () => {
  const { post, read } = await opened()
  const before = await read()
  const { body } = await post({ text: EDITED, dry_run: true })
  expect(body.summary).toEqual({ creating: 2, updating: 1, deleting: 1, total: 4 })
  const changes: { action: string; kind: string; name: string; fields: unknown[] }[] = body.changes
  expect(changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`).sort()).toEqual([
    expect.stringMatching(/^create consumer mia$/),
    expect.stringMatching(/^create key-auth .* for consumer mia$/),
    'delete route all',
    'update service shop',
  ])
  const shop = changes.find(({ name }) => name === 'shop')
  expect(shop?.fields).toEqual([{ path: 'host', before: 'a.test', after: 'b.test' }])
  expect(JSON.stringify(body)).not.toContain('very-secret')
  expect(await read()).toEqual(before)
})

it('makes it so as one commit, told by who asked', async () => {
  const { post, read, admin } = await opened()
  const { revision } = await read()
  const written = await post({ text: EDITED }, { 'if-match': `"${revision}"` })
  expect(written).toMatchObject({ status: 200, body: { revision: revision + 1 } })
  expect((await admin('GET', '/services/shop')).body.host).toBe('b.test')
  const { data } = (await admin('GET', '/revisions')).body
  expect((data as unknown[])[0]).toMatchObject({ by: 'POST /batch by test/1', count: 4 })
})

it.each([
  ['stale', '"1"', 412],
  ['no revision at all', 'W/"x"', 400],
])('keeps nothing under an If-Match that is %s', async (_what, wanted, status) => {
  const { post, read } = await opened()
  const before = await read()
  expect((await post({ text: EDITED }, { 'if-match': wanted })).status).toBe(status)
  expect(await read()).toEqual(before)
})

it.each([
  ['what is no YAML', 'a: [', [{ line: 1 }]],
  [
    'an unknown member',
    '_format_version: "3.0"\nservice: []\n',
    [{ text: 'unknown member service' }],
  ],
  [
    'every name that leads nowhere, with its line',
    '_format_version: "3.0"\nroutes:\n- name: a\n  service: none\n- name: b\n  service: nil\n',
    [{ line: 3 }, { line: 5 }],
  ],
  [
    'what the schema refuses',
    '_format_version: "3.0"\nservices:\n- name: a\n  host: h\n- name: b\n  host: h\n  port: 99999\n',
    [{ line: 5, text: expect.stringContaining('port') }],
  ],
])('refuses %s', async (_what, text, problems) => {
  const { post, read } = await opened()
  const before = await read()
  for (const order of [{ text, dry_run: true }, { text }]) {
    const { status, body } = await post(order)
    expect([status, body]).toMatchObject([400, { fields: { problems } }])
  }
  expect(await read()).toEqual(before)
})

it('holds a batch to a revision', async () => {
  const { admin, gateway } = await opened()
  const { revision } = (await admin('GET', '/config/text')).body
  const batch = async (wanted: string) => {
    const headers = { 'content-type': 'application/json', 'if-match': wanted }
    const body = JSON.stringify({ steps: [] })
    const url = 'http://localhost:8001/batch'
    return (await gateway.admin(new Request(url, { method: 'POST', headers, body }))).status
  }
  expect(await batch(`"${Number(revision) - 1}"`)).toBe(412)
  expect(await batch(`"${revision}"`)).toBe(200)
})

it('tells the difference without a database, and writes nothing', async () => {
  const { admin } = await openWhole(() => incoming(), { database: 'off' })
  const text = '_format_version: "3.0"\nservices: [{ name: a, host: h }]\n'
  const trial = await admin('POST', '/config/text', { text, dry_run: true })
  expect(trial).toMatchObject({ status: 200, body: { summary: { creating: 1 } } })
  expect((await admin('POST', '/config/text', { text })).status).toBe(405)
})

import { beforeEach, describe, expect, it } from 'vitest'
import { createMemoryStore } from '../adapters/memory/store.ts'
import type { Gateway } from '../src/gateway.ts'
import type { Store } from '../src/ports/store.ts'
import { openMemory } from './open-memory.ts'
import {
  type Answering,
  clientRequest,
  type FakeRuntime,
  type FakeTransport,
  failure,
  incoming,
  textOf,
} from './proxy/fakes.ts'

const GUIDE = `
_format_version: "1.1"
upstreams:
- name: example_upstream
  targets:
  - target: localhost:9001
    weight: 100
  - target: localhost:9002
    weight: 100
services:
- name: example_service
  protocol: http
  host: example_upstream
  port: 80
  routes:
  - name: mocking
    paths:
    - /mock
    strip_path: true
`

let gateway: Gateway
let runtime: FakeRuntime
let transport: FakeTransport
let down: Set<number>

const answering: Answering = ({ host, port, target }) =>
  down.has(port) ? failure() : incoming({ body: `${host}:${port} ${target}` })

async function open(store: Store = createMemoryStore()): Promise<void> {
  down = new Set()
  ;({ gateway, runtime, transport } = await openMemory({ store, upstream: answering }))
}

beforeEach(() => open())

async function admin(method: string, path: string, body?: unknown) {
  const form = body instanceof URLSearchParams
  const init =
    body === undefined
      ? {}
      : form
        ? { body }
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  const response = await gateway.admin(
    new Request(`http://localhost:8001${path}`, { method, ...init }),
  )
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

async function get(path: string): Promise<string> {
  const response = await gateway.proxy(new Request(`http://localhost:8000${path}`))
  return `${response.status} ${await response.text()}`
}

async function times(count: number, path = '/mock'): Promise<string[]> {
  const answers: string[] = []
  for (let i = 0; i < count; i++) answers.push(await get(path))
  return answers
}

async function followTheGuide(): Promise<void> {
  await admin('POST', '/services', { name: 'example_service', url: 'http://one.example/base' })
  await admin('POST', '/services/example_service/routes', { name: 'mocking', paths: ['/mock'] })
  await admin('POST', '/upstreams', new URLSearchParams({ name: 'example_upstream' }))
  for (const target of ['localhost:9001', 'localhost:9002']) {
    const path = '/upstreams/example_upstream/targets'
    const created = await admin('POST', path, new URLSearchParams({ target }))
    expect(created.status).toBe(201)
  }
  await admin('PATCH', '/services/example_service', { host: 'example_upstream' })
}

describe('the guide', () => {
  it('goes from one host to a balanced upstream, each write served at once', async () => {
    expect(await get('/mock')).toContain('404 ')
    await admin('POST', '/services', { name: 'example_service', url: 'http://one.example/base' })
    await admin('POST', '/services/example_service/routes', { name: 'mocking', paths: ['/mock'] })
    expect(await get('/mock/x')).toBe('200 one.example:80 /base/x')

    await admin('POST', '/upstreams', { name: 'example_upstream' })
    await admin('PATCH', '/services/example_service', { host: 'example_upstream', path: null })
    expect(await get('/mock')).toContain('503 ')
    await admin('POST', '/upstreams/example_upstream/targets', { target: 'localhost:9001' })
    expect(await get('/mock/headers')).toBe('200 localhost:9001 /headers')
  })

  it('alternates between two targets', async () => {
    await followTheGuide()
    const answers = await times(6)
    expect(new Set(answers.slice(0, 2)).size).toBe(2)
    expect(answers.slice(2, 4)).toEqual(answers.slice(0, 2))
    expect(answers.slice(4)).toEqual(answers.slice(0, 2))
    const hosts = transport.sent.slice(-2).map(({ headers }) => headers[1])
    expect(hosts.sort()).toEqual(['localhost:9001', 'localhost:9002'])
  })

  it('sends all to the other target when one is unavailable, and both again later', async () => {
    await followTheGuide()
    down.add(9001)
    expect(new Set(await times(20))).toEqual(new Set(['200 localhost:9002 /base']))
    // Set aside after the first failures, the dead one is not asked each time.
    expect(transport.sent.filter(({ port }) => port === 9001).length).toBeLessThan(5)

    down.delete(9001)
    runtime.time += 60_000
    expect(new Set(await times(4)).size).toBe(2)
  })

  it('answers 502 when both are', async () => {
    await followTheGuide()
    down = new Set([9001, 9002])
    expect(await get('/mock')).toContain('502 ')
  })

  it('serves it from kong.yaml', async () => {
    const { counts } = await gateway.applyConfig(GUIDE)
    expect(counts).toMatchObject({ upstreams: 1, targets: 2, routes: 1 })
    expect(new Set(await times(4)).size).toBe(2)
    expect((await admin('GET', '/services/example_service')).body.host).toBe('example_upstream')
  })

  it('keeps serving the old kong.yaml when a new one is bad', async () => {
    await gateway.applyConfig(GUIDE)
    const bad = GUIDE.replace('target: localhost:9001', 'target: "a b"')
    await expect(gateway.applyConfig(bad)).rejects.toThrow()
    expect(new Set(await times(4)).size).toBe(2)
  })
})

it('serves after a restart what was stored', async () => {
  const store = createMemoryStore()
  await open(store)
  await followTheGuide()
  await open(store)
  expect(new Set(await times(4)).size).toBe(2)
})

it('goes on serving when the store is away', async () => {
  const store = createMemoryStore()
  await open(store)
  await followTheGuide()
  const away = () => Promise.reject(new Error('away'))
  Object.assign(store, { commit: away, revision: away, load: away })
  const failed = await admin('POST', '/services', { name: 'x', url: 'http://x' })
  expect(failed.status).toBeGreaterThanOrEqual(500)
  expect(await gateway.tick(runtime.now())).toBeGreaterThan(0)
  expect(runtime.lines).toContain('warn: Cannot reach the store, serving what is known')
  expect(new Set(await times(4)).size).toBe(2)
})

it('leaves the proxy alone when an admin call fails', async () => {
  await followTheGuide()
  expect((await admin('POST', '/services', 'no object')).status).toBe(400)
  expect((await admin('GET', '/nowhere')).status).toBe(404)
  expect(await get('/mock')).toContain('200 ')
})

it('stops serving a disabled service and a removed route', async () => {
  await followTheGuide()
  await admin('PATCH', '/services/example_service', { enabled: false })
  expect(await get('/mock')).toContain('404 ')
  await admin('PATCH', '/services/example_service', { enabled: true })
  expect(await get('/mock')).toContain('200 ')
  await admin('DELETE', '/routes/mocking')
  expect(await get('/mock')).toContain('404 ')
})

it('answers a server adapter by itself', async () => {
  await followTheGuide()
  const answer = await gateway.handleAdmin(clientRequest({ target: '/services/example_service' }))
  expect([answer.status, JSON.parse(await textOf(answer.body)).name]).toEqual([
    200,
    'example_service',
  ])
  const head = await gateway.handleAdmin(clientRequest({ method: 'HEAD', target: '/services' }))
  expect([head.status, head.body]).toEqual([200, undefined])
  expect((await gateway.handleAdmin(clientRequest({ method: 'TRACE' }))).status).toBe(405)
  expect((await gateway.handleStatus(clientRequest({ target: '/status' }))).status).toBe(200)
  const ready = await gateway.handleStatus(clientRequest({ target: '/status/ready' }))
  expect(await textOf(ready.body)).toBe('{"message":"ready"}')
  expect((await gateway.handleStatus(clientRequest({ target: '/services' }))).status).toBe(404)
  expect((await gateway.handle(clientRequest({ target: '/mock' }))).status).toBe(200)
})

import { describe, expect, it } from 'vitest'
import { createMemoryKV } from '../../../adapters/memory/kv.ts'
import { createMemoryStore } from '../../../adapters/memory/store.ts'
import {
  type Answering,
  type FakeRuntime,
  fakeRuntime,
  fakeTransport,
  incoming,
  settingsWith,
} from '../../../test/proxy/fakes.ts'
import { createGateway } from '../../gateway.ts'
import { headersIn } from '../../pdk/headers.ts'
import type { KV } from '../../ports/kv.ts'
import type { KeptAnswer } from './kept-answer.ts'
import { createSharedAnswers } from './shared-answers.ts'

const ID = '9a5b5b9e-3c4e-4bd0-8a3f-0f3c5f1d0c11'
const JSON_TYPE = ['Content-Type', 'application/json']

/** What is other than usual. */
interface Shared {
  readonly kv?: KV
  readonly runtime?: FakeRuntime
  readonly config?: object
  readonly upstream?: Answering
}

/** A gateway that keeps answers in the KV; its upstream says which request it answers. */
async function openShared(options: Shared = {}) {
  const { runtime = fakeRuntime(), config = {} } = options
  const { kv = createMemoryKV(runtime), upstream } = options
  const answering: Answering = (_, sent) => incoming({ headers: [...JSON_TYPE], body: `${sent}` })
  const transport = fakeTransport(upstream ?? answering)
  const settings = settingsWith({ proxyCacheStorage: 'kv' })
  const gateway = await createGateway({
    store: createMemoryStore(),
    kv,
    transport,
    runtime,
    settings,
  })
  const plugin = { id: ID, name: 'proxy-cache', config: { strategy: 'memory', ...config } }
  const routes = [{ id: ID, name: 'all', paths: ['/'], plugins: [plugin] }]
  const echo = { name: 'echo', url: 'http://echo.test:80', routes }
  await gateway.applyConfig({ _format_version: '3.0', services: [echo] })
  const ask = async (path = '/', init: RequestInit = {}) => {
    const answer = await gateway.proxy(new Request(`http://a.test${path}`, init))
    const text = await answer.text()
    const name = answer.headers.get('x-cache-key') ?? ''
    return { status: answer.headers.get('x-cache-status'), text, name, answer }
  }
  const admin = (method: string, path: string) =>
    gateway.admin(new Request(`http://localhost:8001/proxy-cache${path}`, { method }))
  return { kv, runtime, transport, ask, admin }
}

/** Two gateways beside each other. */
async function openTwo(options: Shared = {}) {
  const one = await openShared(options)
  const { kv, runtime } = one
  return { one, two: await openShared({ ...options, kv, runtime }), kv, runtime }
}

const cacheKeys = async (kv: KV) => (await kv.list('proxy-cache:')).map(([key]) => key)

describe('an answer in the KV', () => {
  it('is given by another gateway, as it was', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
    const headers = [...JSON_TYPE, 'X-Own', 'caf\xe9', 'X-Own', '2']
    const upstream = () => incoming({ headers, body: bytes.slice() })
    const { one, two, kv, runtime } = await openTwo({ upstream })
    const miss = await one.ask()
    expect(miss.status).toBe('Miss')
    expect(await cacheKeys(kv)).toEqual([`proxy-cache:${ID}:${miss.name}`])
    runtime.time += 7000
    const { answer, status } = await two.ask()
    expect(status).toBe('Hit')
    expect([answer.headers.get('age'), answer.headers.get('x-own')]).toEqual(['7', 'caf\xe9, 2'])
    expect(two.transport.sent).toHaveLength(0)
    const again = await two.ask()
    expect(again.text).toBe(new TextDecoder().decode(bytes))
  })

  it.each([
    { cache_ttl: 10, after: 9, status: 'Hit' },
    { cache_ttl: 10, after: 10, status: 'Miss' },
    { cache_ttl: 10, storage_ttl: 60, after: 11, status: 'Refresh' },
    { cache_ttl: 10, storage_ttl: 60, after: 60, status: 'Miss' },
  ])('is $status $after s later, of ttl $cache_ttl/$storage_ttl', async ({ after, ...rest }) => {
    const { status, ...config } = rest
    const { one, two, runtime } = await openTwo({ config })
    await one.ask()
    runtime.time += after * 1000
    expect((await two.ask()).status).toBe(status)
  })

  it('is nobody else’s', async () => {
    const auth = (authorization: string): RequestInit => ({ headers: { authorization } })
    const { one, two, kv } = await openTwo()
    await one.ask('/', auth('Basic secret'))
    expect((await two.ask('/', auth('Basic other'))).status).toBe('Miss')
    expect((await two.ask()).status).toBe('Miss')
    expect((await two.ask('/', auth('Basic secret'))).status).toBe('Hit')
    expect(JSON.stringify(await kv.list('proxy-cache:'))).not.toContain('secret')
  })

  it('is kept apart from those it varies from, on both', async () => {
    const upstream: Answering = (_, sent) =>
      incoming({ headers: [...JSON_TYPE, 'Vary', 'Accept'], body: `${sent}` })
    const { one, two } = await openTwo({ upstream })
    const accept = (value: string): RequestInit => ({ headers: { accept: value } })
    expect((await one.ask('/', accept('a'))).text).toBe('1')
    expect((await one.ask('/', accept('b'))).text).toBe('2')
    expect((await two.ask('/', accept('a'))).text).toBe('1')
    expect((await two.ask('/', accept('b'))).text).toBe('2')
    expect((await two.ask('/', accept('c'))).status).toBe('Miss')
  })

  it('that was varied by less before is not found by more', async () => {
    const upstream: Answering = (_, sent) =>
      incoming({ headers: [...JSON_TYPE, 'Vary', sent === 1 ? 'Accept' : 'Accept, X-Own'] })
    const { ask } = await openShared({ upstream })
    const init = (own: string): RequestInit => ({ headers: { accept: own, 'x-own': own } })
    await ask('/', init('1'))
    await ask('/', init('2'))
    expect((await ask('/', init('2'))).status).toBe('Hit')
    expect((await ask('/', init('1'))).status).toBe('Miss')
  })

  it('is forgotten with all that vary from it', async () => {
    const headers = [...JSON_TYPE, 'Vary', 'Accept', 'Cache-Control', 'max-age=10']
    const upstream: Answering = () => incoming({ headers })
    const { ask } = await openShared({ upstream, config: { cache_control: true } })
    const accept = (value: string): RequestInit => ({ headers: { accept: value } })
    await ask('/', accept('a'))
    await ask('/', accept('b'))
    await ask('/', { method: 'POST' })
    expect((await ask('/', accept('a'))).status).toBe('Miss')
    expect((await ask('/', accept('b'))).status).toBe('Miss')
  })

  it('is forgotten by all when one changes it', async () => {
    const upstream: Answering = () =>
      incoming({ headers: [...JSON_TYPE, 'Cache-Control', 'max-age=10'] })
    const { one, two } = await openTwo({ upstream, config: { cache_control: true } })
    await one.ask()
    await two.ask('/', { method: 'POST' })
    expect((await one.ask()).status).toBe('Miss')
  })

  it.each([
    { length: 2 ** 20, told: true, first: 'Miss', status: 'Hit' },
    { length: 2 ** 20 + 1, told: true, first: 'Bypass', status: 'Bypass' },
    { length: 2 ** 20 + 1, told: false, first: 'Miss', status: 'Miss' },
  ])('of $length bytes, told: $told, is $status', async ({ length, told, first, status }) => {
    const headers = told ? ['Content-Length', `${length}`] : []
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(length)
    }
    const upstream: Answering = () =>
      incoming({ headers: [...JSON_TYPE, ...headers], body: chunks() })
    const { ask, kv } = await openShared({ upstream })
    expect((await ask()).status).toBe(first)
    expect((await ask()).status).toBe(status)
    expect(await cacheKeys(kv)).toHaveLength(status === 'Hit' ? 1 : 0)
  })

  it.each([
    '',
    '{',
    '[]',
    'null',
    '{"answer":{}}',
    '{"fork":{}}',
    '{"answer":{"status":200},"body":"!"}',
  ])('that nobody wrote, %s, is none', async (text) => {
    const { ask, kv } = await openShared()
    const { name } = await ask()
    await kv.set(`proxy-cache:${ID}:${name}`, text)
    expect((await ask()).status).toBe('Miss')
  })
})

it('many who ask at once are answered by one request', async () => {
  const memory = createMemoryKV()
  const slow: KV = {
    ...memory,
    set: async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      return memory.set(...args)
    },
  }
  const { ask, transport } = await openShared({ kv: slow })
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask()))
  expect(transport.sent).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 'Hit')).toHaveLength(99)
})

describe('a KV', () => {
  const away = (): Promise<never> => Promise.reject(new Error('away'))

  it('that fails is as good as empty, and logged once in a while', async () => {
    const memory = createMemoryKV()
    const kv = { ...memory, get: away, set: away, list: away }
    const { ask, admin, runtime } = await openShared({ kv })
    const { name } = await ask()
    for (let i = 2; i < 20; i++) {
      const { status, text } = await ask()
      expect([status, text]).toEqual(['Miss', `${i}`])
    }
    const said = 'warn: Cannot keep answers in the KV'
    expect(runtime.lines.filter((line) => line === said)).toHaveLength(1)
    runtime.time += 10_000
    await ask()
    expect(runtime.lines.filter((line) => line === said)).toHaveLength(2)
    expect((await admin('GET', `/${name}`)).status).toBe(503)
    expect((await admin('DELETE', '')).status).toBe(503)
  })

  it('that does not answer is not waited for, and is asked again later', async () => {
    const timers: (() => void)[] = []
    let asked = 0
    let answer = (_text: string | undefined): void => {}
    const get = (): Promise<string | undefined> => {
      asked++
      return new Promise((resolve) => {
        answer = resolve
      })
    }
    const runtime = fakeRuntime()
    const after = (_: number, run: () => void) => {
      timers.push(run)
      return () => {}
    }
    const answers = createSharedAnswers({ kv: { ...createMemoryKV(), get }, runtime, after })
    const find = () => answers.find({ pluginId: ID, name: 'a' }, headersIn([]))
    const first = find()
    for (const run of timers) run()
    expect(await first).toBeUndefined()
    expect(await find()).toBeUndefined()
    expect(asked).toBe(1)
    runtime.time += 1000
    const second = find()
    expect(asked).toBe(2)
    for (const run of timers) run()
    await second
    answer(undefined)
    // What follows of it is done before anything of a new turn.
    await new Promise((resolve) => setTimeout(resolve))
    void find()
    expect(asked).toBe(3)
  })

  it('gets no more bytes of one process than it may', async () => {
    const runtime = fakeRuntime()
    const memory = createMemoryKV(runtime)
    const gone: string[] = []
    const kv: KV = {
      ...memory,
      delete(key) {
        gone.push(key)
        return memory.delete(key)
      },
    }
    const answers = createSharedAnswers({ kv, runtime, after: () => () => {} }, 5000)
    const kept = { status: 200, headers: [], body: new Uint8Array(600), storedAt: 0, age: 0 }
    const times = { ttl: 10, until: runtime.time + 10, strict: false, pluginId: ID }
    for (let i = 0; i < 20; i++) {
      const answer: KeptAnswer = { ...kept, ...times, name: `${i}` }
      await answers.keep(answer, { names: [], headers: headersIn([]) })
      await answers.keep(answer, { names: [], headers: headersIn([]) })
    }
    const held = await kv.list('')
    expect(held.length).toBeGreaterThan(2)
    expect(held.reduce((sum, [key, value]) => sum + key.length + value.length, 0)).toBeLessThan(
      5000,
    )
    // What is replaced is not deleted beside: that could come behind.
    expect(gone).toHaveLength(20 - held.length)
    expect(held.map(([key]) => key)).toContain(`proxy-cache:${ID}:19`)
  })
})

describe('the Admin API', () => {
  const varying: Answering = (_, sent) =>
    incoming({ headers: [...JSON_TYPE, 'Vary', 'Accept'], body: `${sent}` })

  it('shows an answer of the KV and throws it away, for all', async () => {
    const { one, two, kv } = await openTwo({ upstream: varying })
    const { name } = await one.ask()
    const shown = await two.admin('GET', `/${name}`)
    expect(await shown.json()).toMatchObject({ status: 200, body: '1', body_len: 1, ttl: 300 })
    expect((await two.admin('DELETE', `/${name}`)).status).toBe(204)
    expect((await two.admin('DELETE', `/${name}`)).status).toBe(404)
    expect((await two.admin('GET', `/${name}`)).status).toBe(404)
    expect(await cacheKeys(kv)).toEqual([])
    expect((await one.ask()).status).toBe('Miss')
  })

  it('does so by the plugin too', async () => {
    const { ask, admin } = await openShared()
    const { name } = await ask()
    const other = '00000000-0000-4000-8000-000000000000'
    expect((await admin('GET', `/${other}/caches/${name}`)).status).toBe(404)
    expect((await admin('GET', `/${ID}/caches/${name}`)).status).toBe(200)
    expect((await admin('DELETE', `/${ID}/caches/${name}`)).status).toBe(204)
    expect((await ask()).status).toBe('Miss')
  })

  it('throws all away, and nothing else', async () => {
    const { one, two, kv } = await openTwo({ upstream: varying })
    await kv.set('proxy-cache', 'other')
    for (let i = 0; i < 30; i++) await one.ask(`/${i}`)
    expect((await two.admin('DELETE', '')).status).toBe(204)
    expect(await cacheKeys(kv)).toEqual([])
    expect(await kv.get('proxy-cache')).toBe('other')
    expect((await one.ask('/1')).status).toBe('Miss')
  })

  it.each(['x', `${'a'.repeat(64)}:b`])('finds nothing of the name %s', async (name) => {
    const { admin, kv } = await openShared()
    await kv.set(`proxy-cache:${ID}:${name}`, '{}')
    expect((await admin('GET', `/${name}`)).status).toBe(404)
  })
})

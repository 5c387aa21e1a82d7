import { beforeEach, expect, it } from 'vitest'
import type { HeaderList } from '../../src/lib/header-list.ts'
import { type MemoryGateway, openMemory } from '../open-memory.ts'
import { clientRequest, failure, incoming, textOf, valuesOf } from '../proxy/fakes.ts'

let memory: MemoryGateway
let asked = 0
let isDown: boolean

beforeEach(async () => {
  isDown = false
  memory = await openMemory({
    upstream: ({ port }) => (isDown ? failure() : incoming({ body: `${port}` })),
    settings: { trust: ['10.0.0.0/8'] },
  })
  const targets = [9001, 9002, 9003].map((port) => ({ target: `localhost:${port}` }))
  const route = { name: 'r', paths: ['~/users/(?<user>[^/]+)/(\\d+)'] }
  await memory.gateway.applyConfig({
    _format_version: '3.0',
    upstreams: [{ name: 'u', targets }],
    services: [{ name: 's', host: 'u', protocol: 'http', port: 80, routes: [route] }],
  })
})

async function configure(fields: Record<string, string>): Promise<void> {
  expect((await memory.admin('PATCH /upstreams/u', fields)).status).toBe(200)
}

async function ask(target: string, headers: HeaderList = []) {
  const answer = await memory.gateway.handle(clientRequest({ target, headers }))
  return { port: await textOf(answer.body), cookies: valuesOf(answer.headers, 'set-cookie') }
}

/** How many targets answered requests that differ in `vary`, and those that do not. */
async function targetsOf(vary: (i: number) => { target?: string; headers?: HeaderList }) {
  const [same, different] = [new Set<string>(), new Set<string>()]
  for (let i = 0; i < 40; i++) {
    for (const [seen, n] of [
      [same, 1],
      [different, i],
    ] as const) {
      const { target = '/users/ann/1', headers } = vary(n)
      seen.add((await ask(target, headers)).port)
    }
  }
  return [same.size, different.size]
}

it.each<{
  on: Record<string, string>
  vary: (i: number) => { target?: string; headers?: HeaderList }
}>([
  {
    on: { hash_on: 'header', hash_on_header: 'X-User' },
    vary: (i) => ({ headers: ['x-user', `${i}`] }),
  },
  { on: { hash_on: 'ip' }, vary: (i) => ({ headers: ['X-Real-IP', `203.0.113.${i}`] }) },
  { on: { hash_on: 'path' }, vary: (i) => ({ target: `/users/ann/${i}?at=${asked++}` }) },
  {
    on: { hash_on: 'query_arg', hash_on_query_arg: 'q' },
    vary: (i) => ({ target: `/users/ann/1?x=1&q=${i}` }),
  },
  {
    on: { hash_on: 'uri_capture', hash_on_uri_capture: 'user' },
    vary: (i) => ({ target: `/users/u${i}/1` }),
  },
  {
    on: { hash_on: 'uri_capture', hash_on_uri_capture: '2' },
    vary: (i) => ({ target: `/users/ann/${i}` }),
  },
  {
    on: { hash_on: 'consumer', hash_fallback: 'header', hash_fallback_header: 'X-User' },
    vary: (i) => ({ headers: ['x-user', `${i}`] }),
  },
  {
    on: { hash_on: 'cookie', hash_on_cookie: 'sid' },
    vary: (i) => ({ headers: ['Cookie', `a=b; sid=${i}`] }),
  },
])('keeps together what is alike, and spreads the rest: $on', async ({ on, vary }) => {
  await configure(on)
  expect(await targetsOf(vary)).toEqual([1, 3])
})

it('sends what has nothing to tell it apart to one target', async () => {
  await configure({ hash_on: 'header', hash_on_header: 'X-User' })
  const [same] = await targetsOf(() => ({}))
  expect(same).toBe(1)
})

it('gives a client a cookie that keeps it where it is', async () => {
  await configure({ hash_on: 'cookie', hash_on_cookie: 'sid', hash_on_cookie_path: '/users' })
  for (let i = 0; i < 10; i++) {
    const first = await ask('/users/ann/1')
    expect(first.cookies).toHaveLength(1)
    const [pair = '', ...attributes] = (first.cookies[0] ?? '').split('; ')
    expect(attributes).toEqual(['Path=/users', 'Same-Site=Lax', 'HttpOnly'])
    const second = await ask('/users/ann/1', ['Cookie', pair])
    expect(second).toEqual({ port: first.port, cookies: [] })
  }
})

it('gives it also where nobody answers, but none where nobody was asked', async () => {
  await configure({ hash_on: 'cookie', hash_on_cookie: 'sid' })
  isDown = true
  const { port, cookies } = await ask('/users/ann/1')
  expect([port, cookies.length]).toEqual([expect.stringContaining('invalid response'), 1])
  for (const { port } of [{ port: 9001 }, { port: 9002 }, { port: 9003 }]) {
    const { status } = await memory.admin(`DELETE /upstreams/u/targets/localhost:${port}`)
    expect(status).toBe(204)
  }
  expect((await ask('/users/ann/1')).cookies).toEqual([])
})

import { beforeEach, describe, expect, it } from 'vitest'
import { SERVER_TOKEN } from '../../src/lib/version.ts'
import type { ClientRequest } from '../../src/ports/server.ts'
import { type MemoryGateway, openMemory } from '../open-memory.ts'
import { type Answering, clientRequest, failure, incoming, textOf, valuesOf } from './fakes.ts'

let memory: MemoryGateway

beforeEach(async () => {
  const upstream: Answering = ({ target }) => (target === '/no' ? failure() : incoming())
  memory = await openMemory({ upstream })
  await post('/services', { name: 's', host: 'h', retries: 0 })
  await post('/services/s/routes', { name: 'r', paths: ['/'] })
})

async function post(path: string, body: unknown): Promise<void> {
  const { status } = await memory.admin(`POST ${path}`, body)
  expect([path, status]).toEqual([path, 201])
}

async function ask(request: Partial<ClientRequest> & { host?: string } = {}) {
  const answer = await memory.gateway.handle(clientRequest({ target: '/', ...request }))
  const of = (name: string) => valuesOf(answer.headers, name)
  return { status: answer.status, of, text: await textOf(answer.body) }
}

const adding = (...headers: string[]) => ({
  name: 'response-transformer',
  config: { add: { headers } },
})

describe('global plugins see what is refused before there is a route', () => {
  it.each([
    { why: 'a malformed target', request: { target: '/%zz?a=b' }, status: 400 },
    { why: 'no Host', request: { host: '' }, status: 400 },
    { why: 'two Hosts', request: { headers: ['Host', 'b'] }, status: 400 },
    { why: 'TRACE', request: { method: 'TRACE' }, status: 405 },
    { why: 'a long target', request: { target: `/${'a'.repeat(9000)}` }, status: 414 },
    { why: 'a long header', request: { headers: ['X-Long', 'a'.repeat(9000)] }, status: 400 },
  ])('$why', async ({ request, status }) => {
    await post('/plugins', adding('x-seen:1'))
    const answer = await ask(request)
    expect([answer.status, answer.of('x-seen')]).toEqual([status, ['1']])
    expect(answer.text).toMatch(/\nrequest_id: [0-9a-f]{32}\n$/)
  })

  it('those of a route do not', async () => {
    await post('/routes/r/plugins', adding('x-seen:1'))
    expect((await ask({ target: '/%zz' })).of('x-seen')).toEqual([])
    expect((await ask()).of('x-seen')).toEqual(['1'])
  })
})

describe("a plugin's Server", () => {
  const ends = { name: 'request-termination', config: { status_code: 200 } }

  it('gives way to ours on an answer of ours', async () => {
    await post('/plugins', ends)
    await post('/plugins', adding('Server:Demo'))
    expect((await ask()).of('server')).toEqual([SERVER_TOKEN])
  })

  it('stays beside our own Via', async () => {
    await post('/plugins', ends)
    await post('/plugins', adding('Server:Demo', `Via:${SERVER_TOKEN}`))
    const answer = await ask()
    expect([answer.of('server'), answer.of('via')]).toEqual([['Demo'], [SERVER_TOKEN]])
  })

  it('stays where an upstream failed', async () => {
    await post('/plugins', adding('Server:Demo'))
    const answer = await ask({ target: '/no' })
    expect([answer.status, answer.of('server')]).toEqual([502, ['Demo']])
    expect(answer.of('x-kong-upstream-latency')).toHaveLength(1)
    expect(answer.of('x-kong-response-latency')).toEqual([])
  })
})

it('lets no plugin write what is told of the gateway', async () => {
  const names = ['X-Kong-Request-Id', 'X-Kong-Proxy-Latency', 'X-Kong-Response-Latency', 'Via']
  await post('/plugins', adding(...names.map((name) => `${name}:theirs`)))
  for (const [target, theirs] of [
    ['/', 'x-kong-response-latency'],
    ['/no', 'x-kong-response-latency'],
    ['/%zz', 'x-kong-proxy-latency'],
  ] as const) {
    const { of } = await ask({ target })
    const told = names
      .map((name) => name.toLowerCase())
      .filter((name) => of(name).includes('theirs'))
    expect([target, told]).toEqual([target, target === '/%zz' ? [theirs, 'via'] : [theirs]])
    for (const name of names) expect(of(name.toLowerCase()).length).toBe(1)
  }
})

it('sends the Proxy-Authorization a plugin wrote, and none of the client', async () => {
  const sent = () => valuesOf(memory.transport.sent.at(-1)?.headers ?? [], 'proxy-authorization')
  await ask({ headers: ['Proxy-Authorization', 'theirs'] })
  expect(sent()).toEqual([])
  await post('/plugins', {
    name: 'request-transformer',
    config: { replace: { headers: ['proxy-authorization:ours'] } },
  })
  await ask({ headers: ['Proxy-Authorization', 'theirs'] })
  expect(sent()).toEqual(['ours'])
})

describe('a plugin that ends a gRPC request with a value', () => {
  const grpc: Partial<ClientRequest> = {
    httpVersion: '2',
    headers: ['Content-Type', 'application/grpc'],
  }

  it('says its message in a header', async () => {
    await post('/plugins', {
      name: 'request-termination',
      config: { status_code: 403, message: 'no' },
    })
    const { status, of, text } = await ask(grpc)
    expect([status, of('content-type'), of('grpc-status')]).toEqual([
      403,
      ['application/grpc'],
      ['7'],
    ])
    expect([of('grpc-message'), of('content-length'), text]).toEqual([['no'], ['0'], ''])
  })

  it.each([
    { config: { status_code: 200, message: 'ok' }, told: ['0', 'ok'], text: '' },
    { config: { status_code: 302, message: 'on' }, told: ['2', 'on'], text: '' },
    { config: { status_code: 418, message: 'tea' }, told: ['3', 'tea'], text: '' },
    { config: { status_code: 403, body: 'own' }, told: ['7', 'own'], text: '' },
    {
      config: { status_code: 403, body: 'own', content_type: 'text/plain' },
      told: [],
      text: 'own',
    },
  ])('tells $config as $told', async ({ config, told, text }) => {
    await post('/plugins', { name: 'request-termination', config })
    const answer = await ask(grpc)
    const headers = [...answer.of('grpc-status'), ...answer.of('grpc-message')]
    expect([answer.status, headers, answer.text]).toEqual([config.status_code, told, text])
  })

  it('has the name of its code where nothing is said', async () => {
    await post('/plugins', { name: 'cors', config: {} })
    const { of } = await ask({
      ...grpc,
      method: 'OPTIONS',
      headers: [
        ...['Content-Type', 'application/grpc', 'Origin', 'http://a.test'],
        ...['Access-Control-Request-Method', 'GET'],
      ],
    })
    expect([of('grpc-status'), of('grpc-message')]).toEqual([['0'], ['OK']])
  })

  it('is JSON to others', async () => {
    await post('/plugins', {
      name: 'request-termination',
      config: { status_code: 403, message: 'no' },
    })
    const { of, text } = await ask()
    expect([of('grpc-status'), JSON.parse(text)]).toEqual([[], { message: 'no' }])
  })
})

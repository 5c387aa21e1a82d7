import { describe, expect, it } from 'vitest'
import type { Exchange } from '../../src/pdk/exchange.ts'
import { exitJson, exitWith, refusal } from '../../src/pdk/exit.ts'
import type { Hooks } from '../../src/pdk/hooks.ts'
import { definePlugin, type Plugin } from '../../src/pdk/plugin.ts'
import { incoming, valuesOf } from '../proxy/fakes.ts'
import { openGateway, type Rig } from './open-gateway.ts'

const NO_FIELDS = { type: 'record', required: true, fields: {} } as const

function plugin(name: string, priority: number, hooks: Hooks): Plugin {
  return definePlugin({ name, priority, config: NO_FIELDS }, () => hooks)
}

const all = (...plugins: Plugin[]) => ({
  plugins,
  config: { plugins: plugins.map(({ name }) => ({ name })) },
})

describe('phases', () => {
  const told = (order: string[], name: string): Hooks => ({
    rewrite: () => void order.push(`${name} rewrite`),
    access: () => void order.push(`${name} access`),
    response: () => void order.push(`${name} response`),
    log: () => void order.push(`${name} log`),
  })

  it('run in order, plugins by priority in each, equal ones by name, descending', async () => {
    const order: string[] = []
    const rig = await openGateway(
      all(
        plugin('low', 1, told(order, 'low')),
        plugin('a', 5, told(order, 'a')),
        plugin('b', 5, told(order, 'b')),
      ),
    )
    await rig.ask('/')
    expect(order).toEqual(
      ['rewrite', 'access', 'response', 'log'].flatMap((phase) =>
        ['b', 'a', 'low'].map((name) => `${name} ${phase}`),
      ),
    )
  })

  it('end with the first answer; those behind it see it leave', async () => {
    const order: string[] = []
    const ends: Hooks = { ...told(order, 'ends'), access: () => exitJson(418, { tea: true }) }
    const rig = await openGateway(
      all(plugin('ends', 9, ends), plugin('behind', 1, told(order, 'behind'))),
    )
    const answer = await rig.ask('/')
    expect([answer.status, answer.json]).toEqual([418, { tea: true }])
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(answer.headers.get('x-kong-response-latency')).toBe('0')
    expect(rig.transport.sent).toHaveLength(0)
    expect(order).toEqual([
      'ends rewrite',
      'behind rewrite',
      'ends response',
      'behind response',
      'ends log',
      'behind log',
    ])
  })

  it('of global plugins run for a request that no route wants', async () => {
    const order: string[] = []
    const rig = await openGateway({
      ...all(plugin('one', 1, told(order, 'one'))),
      config: { services: [], plugins: [{ name: 'one' }] },
    })
    expect((await rig.ask('/')).status).toBe(404)
    expect(order).toEqual(['one rewrite', 'one response', 'one log'])
  })
})

describe('a plugin that fails', () => {
  const broken = () => {
    throw new Error('a secret of mine')
  }
  it.each<{ phase: string; hooks: Hooks }>([
    { phase: 'rewrite', hooks: { rewrite: broken } },
    { phase: 'access', hooks: { access: broken } },
    { phase: 'access, later', hooks: { access: async () => broken() } },
    { phase: 'response', hooks: { response: broken } },
  ])('in $phase answers 500 and says so in the log alone', async ({ hooks }) => {
    const rig = await openGateway(all(plugin('bad', 1, hooks)))
    const { status, text } = await rig.ask('/')
    expect(status).toBe(500)
    expect(text).not.toContain('secret')
    expect(text).toContain('An unexpected error occurred')
    expect(rig.runtime.lines.join()).toContain('A plugin failed')
  })

  it.each([
    { phase: 'access', hooks: { access: broken } },
    { phase: 'access, later', hooks: { access: async () => broken() } },
  ])('in $phase is told as JSON, without an id, whatever the client reads', async ({ hooks }) => {
    const rig = await openGateway(all(plugin('bad', 1, hooks)))
    const { text, headers } = await rig.ask('/', { headers: { accept: 'text/html' } })
    expect(text).toBe('{"message":"An unexpected error occurred"}')
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
  })

  it('in log takes nobody down', async () => {
    const logged: string[] = []
    const fine: Hooks = { log: () => void logged.push('fine') }
    const rig = await openGateway(all(plugin('bad', 2, { log: broken }), plugin('fine', 1, fine)))
    expect((await rig.ask('/')).status).toBe(200)
    expect(logged).toEqual(['fine'])
  })

  it('when it is opened refuses its own route, and no other', async () => {
    const bad = definePlugin({ name: 'bad', priority: 1, config: NO_FIELDS }, broken)
    const rig = await openGateway({
      plugins: [bad],
      config: {
        services: [
          {
            name: 's',
            url: 'http://s.test',
            routes: [
              { name: 'guarded', paths: ['/guarded'], plugins: [{ name: 'bad' }] },
              { name: 'free', paths: ['/'] },
            ],
          },
        ],
      },
    })
    expect((await rig.ask('/guarded')).status).toBe(500)
    expect((await rig.ask('/')).status).toBe(200)
  })
})

describe('what plugins make of a request', () => {
  it.each<{ what: string; access: (e: Exchange) => void; target?: string; method?: string }>([
    {
      what: 'path',
      access: ({ upstream }) => void Object.assign(upstream, { path: '/other' }),
      target: '/other?a=1',
    },
    {
      what: 'query',
      access: ({ upstream }) => void Object.assign(upstream, { rawQuery: 'b=2' }),
      target: '/x?b=2',
    },
    {
      what: 'no query',
      access: ({ upstream }) => void Object.assign(upstream, { rawQuery: '' }),
      target: '/x',
    },
    {
      what: 'method',
      access: ({ upstream }) => void Object.assign(upstream, { method: 'DELETE' }),
      method: 'DELETE',
    },
  ])('reaches the upstream: $what', async ({ access, target = '/x?a=1', method = 'GET' }) => {
    const rig = await openGateway(all(plugin('one', 1, { access })))
    await rig.ask('/x?a=1')
    expect(rig.transport.sent[0]).toMatchObject({ target, method })
  })

  it('reaches it as headers, but for those that are ours', async () => {
    const rig = await openGateway(
      all(
        plugin('one', 1, {
          access({ upstream: { headers } }) {
            headers.set('X-New', 'a')
            headers.delete('X-Old')
            headers.set('X-Real-IP', '6.6.6.6')
            headers.set('Content-Length', '999')
            headers.set('Host', 'other.test')
          },
        }),
      ),
    )
    await rig.ask('/', { headers: { 'X-Old': '1' } })
    const { headers = [] } = rig.transport.sent[0] ?? {}
    expect(valuesOf(headers, 'x-new')).toEqual(['a'])
    expect(valuesOf(headers, 'x-old')).toEqual([])
    expect(valuesOf(headers, 'x-real-ip')).toEqual(['10.0.0.9'])
    expect(valuesOf(headers, 'content-length')).toEqual([])
    expect(valuesOf(headers, 'host')).toEqual(['other.test'])
  })

  it('reaches it as a body, with its length', async () => {
    const rig = await openGateway(
      all(
        plugin('one', 1, {
          access: ({ upstream }) => upstream.setBody(new TextEncoder().encode('hey')),
        }),
      ),
    )
    await rig.ask('/', { method: 'POST', body: 'something longer' })
    const { headers = [], body } = rig.transport.sent[0] ?? {}
    expect(valuesOf(headers, 'content-length')).toEqual(['3'])
    expect(body).toEqual(new TextEncoder().encode('hey'))
  })

  it('passes a body on that it has read', async () => {
    const seen: (string | undefined)[] = []
    const access = async ({ request }: Exchange): Promise<undefined> => {
      const bytes = await request.readBody(100)
      seen.push(bytes === undefined ? undefined : new TextDecoder().decode(bytes))
      return undefined
    }
    const rig = await openGateway(all(plugin('one', 1, { access }), plugin('two', 2, { access })))
    await rig.ask('/', { method: 'POST', body: 'hello' })
    expect(seen).toEqual(['hello', 'hello'])
    expect(rig.transport.sent[0]?.body).toEqual(new TextEncoder().encode('hello'))
  })

  it('sends it elsewhere', async () => {
    const access = ({ upstream }: Exchange) => upstream.setTarget({ host: 'b.test', port: 81 })
    const rig = await openGateway(all(plugin('one', 1, { access })))
    await rig.ask('/')
    expect(rig.transport.sent[0]).toMatchObject({ host: 'b.test', port: 81 })
  })

  it('shows to those behind: headers and query', async () => {
    const seen: unknown[] = []
    const first: Hooks = {
      access({ upstream }) {
        upstream.headers.set('apikey', 'k')
        upstream.rawQuery = 'a=2&b'
      },
    }
    const second: Hooks = {
      access({ request }) {
        seen.push(request.headers.get('ApiKey'), request.queryArg('a'), request.queryArg('b'))
        seen.push(request.headers.get('host'))
      },
    }
    const rig = await openGateway(all(plugin('one', 2, first), plugin('two', 1, second)))
    await rig.ask('/?a=1')
    expect(seen).toEqual(['k', ['2'], [true], 'a.test'])
  })
})

describe('a bounded body', () => {
  const access = ({ request }: Exchange) => request.limitBody(4, refusal(413, 'too much'))
  it.each([
    { body: 'four', status: 200 },
    { body: 'fives', status: 413 },
  ])('of "$body" ends with $status', async ({ body, status }) => {
    const rig = await openGateway({
      ...all(plugin('one', 1, { access })),
      upstream: () => incoming(),
    })
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(body))
        controller.close()
      },
    })
    const drains = drained(rig)
    const init = { method: 'POST', body: stream, duplex: 'half' }
    expect((await drains.ask('/', init)).status).toBe(status)
  })
})

/** An upstream that reads the whole body before it answers, as transports do. */
function drained(rig: Rig): Rig {
  const { send } = rig.transport
  rig.transport.send = async (outgoing) => {
    try {
      if (outgoing.body !== undefined && !(outgoing.body instanceof Uint8Array)) {
        for await (const _ of outgoing.body);
      }
    } catch {
      return { ok: false, phase: 'send', code: 'E', timeout: false, reused: false, byClient: true }
    }
    return send(outgoing)
  }
  return rig
}

describe('what plugins make of an answer', () => {
  const upstream = () => incoming({ headers: ['Content-Length', '5', 'X-A', '1'], body: 'hello' })

  it.each<{
    what: string
    response: NonNullable<Hooks['response']>
    text: string
    length: string | null
  }>([
    { what: 'nothing', response: () => undefined, text: 'hello', length: '5' },
    {
      what: 'another body',
      response: ({ response }) => response.setBody(new TextEncoder().encode('other one')),
      text: 'other one',
      length: '9',
    },
    {
      what: 'a stream',
      response: ({ response }) =>
        response.transform(async function* (body) {
          yield* body
          yield new TextEncoder().encode('!')
        }),
      text: 'hello!',
      length: null,
    },
    {
      what: 'what it read',
      async response({ response }) {
        const bytes = await response.readBody(10)
        response.setBody(new TextEncoder().encode(`${bytes?.length}`))
        return undefined
      },
      text: '5',
      length: '1',
    },
    {
      what: 'another answer',
      response: () => exitWith(299, { body: 'mine' }),
      text: 'mine',
      length: '4',
    },
  ])('reaches the client: $what', async ({ response, text, length }) => {
    const rig = await openGateway({ ...all(plugin('one', 1, { response })), upstream })
    const answer = await rig.ask('/')
    expect(answer.text).toBe(text)
    expect(answer.headers.get('content-length')).toBe(length)
  })

  it('is told apart by its source, and seen as it passes', async () => {
    const seen: unknown[] = []
    const hooks: Hooks = {
      response({ response }) {
        seen.push(response.source, response.status, response.serviceStatus)
        response.status = 202
        response.headers.delete('X-A')
        response.watch({
          chunk: (bytes) => seen.push(bytes.length),
          end: (whole) => seen.push(whole),
        })
      },
    }
    const rig = await openGateway({ ...all(plugin('one', 1, hooks)), upstream })
    const answer = await rig.ask('/')
    expect([answer.status, answer.headers.has('x-a')]).toEqual([202, false])
    expect(seen).toEqual(['service', 200, 200, 5, true])
  })
})

it('chooses what belongs to the consumer once that is known', async () => {
  const seen: string[] = []
  const named = definePlugin(
    {
      name: 'named',
      priority: 1,
      config: {
        type: 'record',
        required: true,
        fields: { as: { type: 'string', required: true } },
      },
    },
    ({ as }) => ({
      access: () => void seen.push(`access ${as}`),
      log: () => void seen.push(`log ${as}`),
    }),
  )
  const rig = await openGateway({
    plugins: [named],
    config: {
      consumers: [
        {
          username: 'ann',
          keyauth_credentials: [{ key: 'k' }],
          plugins: [{ name: 'named', config: { as: 'ann' } }],
        },
      ],
      plugins: [
        { name: 'named', config: { as: 'all' } },
        { name: 'key-auth', config: { anonymous: 'ann' } },
      ],
    },
  })
  await rig.ask('/', { headers: { apikey: 'k' } })
  expect(seen).toEqual(['access ann', 'log ann'])
})

it('follows a change at once, and closes what it replaced', async () => {
  const closed: string[] = []
  const one = definePlugin(
    {
      name: 'one',
      priority: 1,
      config: {
        type: 'record',
        required: true,
        fields: { as: { type: 'string', required: true } },
      },
    },
    ({ as }) => ({
      access: () => exitJson(200, as),
      close: () => void closed.push(as),
    }),
  )
  const rig = await openGateway({ plugins: [one] })
  const made = await rig.admin('POST', '/plugins', { name: 'one', config: { as: 'a' } })
  expect((await rig.ask('/')).json).toBe('a')
  const { id } = made.json as { id: string }
  await rig.admin('PATCH', `/plugins/${id}`, { config: { as: 'b' } })
  expect((await rig.ask('/')).json).toBe('b')
  expect(closed).toEqual(['a'])
  await rig.admin('PATCH', `/plugins/${id}`, { enabled: false })
  expect((await rig.ask('/')).status).toBe(200)
  expect(closed).toEqual(['a', 'b'])
  await rig.admin('PATCH', `/plugins/${id}`, { enabled: true })
  await rig.ask('/')
  await rig.close()
  expect(closed).toEqual(['a', 'b', 'b'])
})

describe('a plugin that cannot run here', () => {
  const needy = definePlugin(
    { name: 'needy', priority: 1, config: NO_FIELDS, needs: () => 'no such thing here' },
    () => ({ access: () => exitJson(200, 'ran') }),
  )

  it('is refused when it is configured', async () => {
    const rig = await openGateway({ plugins: [needy] })
    const answer = await rig.admin('POST', '/plugins', { name: 'needy' })
    expect(answer.status).toBe(400)
    expect(answer.json).toMatchObject({ fields: { config: 'no such thing here' } })
  })

  it('is left out, with a warning, where that was asked for', async () => {
    const rig = await openGateway({
      plugins: [needy],
      settings: { unimplementedPlugins: 'ignore' },
    })
    expect((await rig.admin('POST', '/plugins', { name: 'needy' })).status).toBe(201)
    expect((await rig.ask('/')).text).not.toContain('ran')
    expect(rig.runtime.lines.join()).toContain('A plugin cannot run here and is ignored')
  })
})

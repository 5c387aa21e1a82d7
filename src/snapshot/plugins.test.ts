import { expect, it } from 'vitest'
import { fakeRuntime } from '../../test/proxy/fakes.ts'
import type { Closing, Hooks } from '../pdk/hooks.ts'
import type { Kit } from '../pdk/kit.ts'
import type { Plugin } from '../pdk/plugin.ts'
import type { Row } from '../schema/entity.ts'
import type { EntityStore } from '../store/entity-store.ts'
import { createConfiguredPlugins } from './plugins.ts'

const ROUTE = { id: 'r', serviceId: 's' }

/** A plugin whose configuration is what it does. */
function plugin(name: string, priority: number): Plugin {
  return {
    name,
    priority,
    config: { type: 'record', fields: {} },
    open: (config: Readonly<Record<string, unknown>>) => {
      if (config.broken === true) throw new Error('broken')
      return { preread: () => undefined, access: () => undefined, ...config } as Hooks
    },
  }
}

function setUp(...rows: Row[]) {
  const table = new Map(rows.map((row) => [row.id, row]))
  // What is configured is all that is asked of it.
  const store = {
    all: () => [...table.values()],
    get: (_: string, id: string) => table.get(id),
  } as unknown as EntityStore
  const configured = createConfiguredPlugins(store, {
    plugins: [plugin('low', 1), plugin('high', 2)],
    // Nobody looks into it.
    kitFor: () => ({}) as Kit,
    runtime: fakeRuntime(),
  })
  return { configured, table }
}

const row = (given: Partial<Row> & Readonly<Record<string, unknown>> = {}): Row => ({
  id: 'a',
  name: 'low',
  enabled: true,
  config: {},
  protocols: ['tcp'],
  ...given,
})

it.each([
  [['http', 'https', 'grpc', 'grpcs'], true, false],
  [['tcp'], false, true],
  [['tls'], false, true],
  [['tls_passthrough'], false, true],
  [['udp'], false, true],
  [['http', 'https', 'tcp', 'tls', 'grpc', 'grpcs'], true, true],
  [[], false, false],
  [undefined, true, false],
])('of protocols %j runs for requests: %s, for sessions: %s', (protocols, http, stream) => {
  const { chains } = setUp(row({ protocols })).configured
  expect(chains.of(ROUTE) !== undefined).toBe(http)
  expect(chains.global !== undefined).toBe(http)
  expect(chains.streamOf(ROUTE) !== undefined).toBe(stream)
})

it.each([
  ['is disabled', { enabled: false }],
  ['is of another route', { route: { id: 'other' } }],
  ['is of a consumer', { consumer: { id: 'c' } }],
  ['does nothing with sessions', { config: { preread: undefined } }],
])('one that %s leaves sessions alone', (_why, given) => {
  expect(setUp(row(given)).configured.chains.streamOf(ROUTE)).toBeUndefined()
})

it('takes what says most of a session, by priority', () => {
  const named = (name: string, given: Partial<Row>) =>
    row({ id: name, config: { logSession: () => name }, ...given })
  const { chains } = setUp(
    named('everywhere', {}),
    named('service', { service: { id: 's' } }),
    named('route', { route: { id: 'r' } }),
    named('high', { name: 'high' }),
  ).configured
  // No session is looked at.
  const names = chains.streamOf(ROUTE)?.map(({ logSession }) => logSession?.({} as never))
  expect(names).toEqual(['high', 'route'])
})

it('keeps out whom a plugin that cannot be opened was to keep out', async () => {
  const { chains } = setUp(row({ config: { broken: true } })).configured
  const [refusing] = chains.streamOf(ROUTE) ?? []
  // No session is looked at.
  expect(await refusing?.preread?.({} as never)).toEqual({ status: 500, said: new Uint8Array() })
})

it('follows its configuration', () => {
  const { configured, table } = setUp(row())
  const before = configured.chains
  expect(before.streamOf(ROUTE)).toBe(before.streamOf(ROUTE))
  table.set('a', row({ protocols: ['http'] }))
  configured.follow(new Set(['a']))
  expect(configured.chains.streamOf(ROUTE)).toBeUndefined()
  expect(configured.chains.of(ROUTE)).toBeDefined()
  table.delete('a')
  configured.follow(new Set(['a']))
  expect(configured.chains.of(ROUTE)).toBeUndefined()
})

it('closes what is replaced, and asks again when all is over before that is done', async () => {
  const asked: string[] = []
  let done = () => {}
  const close = (why: Closing): Promise<void> | void => {
    asked.push(why)
    if (why === 'over') return done()
    return new Promise((resolve) => {
      done = resolve
    })
  }
  const { configured, table } = setUp(row({ config: { close } }))
  table.delete('a')
  configured.follow(new Set(['a']))
  expect(asked).toEqual(['replaced'])
  await configured.close()
  expect(asked).toEqual(['replaced', 'over'])
})

import { describe, expect, it } from 'vitest'
import { allPlugins } from '../../src/plugins/all.ts'
import { openDeckGate } from './deck-gate.ts'
import type { Json } from './deck-schema.ts'
import { entityFiles, fileOf } from './files.ts'
import { oldConfigs, pluginConfigs, richerConfigs, untracedConfigs } from './plugin-configs.ts'

const NOTHING_LEFT = {}

/** Syncs, looks twice, validates and resets, as a user of decK would. */
async function roundTrip(file: Json): Promise<void> {
  const { deck, counts } = await openDeckGate()
  expect(await deck.validate(file)).toEqual([])
  const made = await deck.sync(file)
  expect(made.length).toBeGreaterThan(0)
  expect(made.every(({ action }) => action === 'create')).toBe(true)
  expect(await deck.diff(file)).toEqual([])
  await deck.reset()
  expect(await counts()).toEqual(NOTHING_LEFT)
}

describe('decK finds no difference after a sync of', () => {
  it.each(entityFiles)('%s', async (_, file) => {
    await roundTrip(file)
  })

  it.each(allPlugins.map(({ name }) => name))('the plugin %s', async (name) => {
    const config = pluginConfigs[name]
    expect(config).toBeDefined()
    await roundTrip(fileOf({ plugins: [{ name, config }] }))
  })

  it.each(allPlugins.filter(({ name }) => name !== 'acme'))(
    'the plugin $name wherever it may stand',
    async ({ name, unscoped = [] }) => {
      const plugins = [{ name, config: pluginConfigs[name] }]
      const consumers = unscoped.includes('consumer') ? [] : [{ username: 'mia', plugins }]
      const routes = [{ name: 'r', paths: ['/r'], plugins }]
      const services = [{ name: 's', host: 'h.test', plugins, routes }]
      await roundTrip(fileOf({ services, consumers }))
    },
  )

  it.each(richerConfigs)('$name with $config', async (plugin) => {
    await roundTrip(fileOf({ plugins: [plugin] }))
  })

  it.each(oldConfigs)('$name in old words: $config', async (plugin) => {
    await roundTrip(fileOf({ plugins: [plugin] }))
  })
})

it.each(untracedConfigs)('decK changes $name for ever, with Kong too: $config', async (plugin) => {
  const { deck } = await openDeckGate()
  const file = fileOf({ plugins: [plugin] })
  await deck.sync(file)
  await deck.sync(file)
  expect(await deck.diff(file)).toMatchObject([{ action: 'update', table: 'plugins' }])
})

describe('decK asks', () => {
  it('for the 23 lists and GET / twice, and nothing it need not', async () => {
    const { deck } = await openDeckGate()
    await deck.diff(fileOf({}))
    const asked = deck.requests.filter((request) => !request.includes('/schemas/'))
    expect(asked).toHaveLength(25)
    expect(asked.filter((request) => request === 'GET /')).toHaveLength(2)
    expect(deck.requests.every((request) => request.startsWith('GET '))).toBe(true)
  })

  it('a target with PUT, and makes it with POST', async () => {
    const { deck } = await openDeckGate()
    const upstreams = [{ name: 'u', targets: [{ target: 'a.test:80' }] }]
    await deck.sync(fileOf({ upstreams }))
    const writes = deck.requests.filter((request) => /^P.*\/targets/.test(request))
    expect(writes.map((request) => request.split(' ')[0])).toEqual(['PUT', 'POST'])
  })
})

describe('decK', () => {
  const service = (name: string, more: Json = {}) => ({ name, host: 'h.test', ...more })
  const cors = { name: 'cors', config: { max_age: 1 } }

  it.each<[what: string, before: Json, after: Json, done: string[]]>([
    [
      'changes a service',
      { services: [service('s')] },
      { services: [service('s', { retries: 1 })] },
      ['update services'],
    ],
    [
      'takes a member away again',
      { services: [service('s', { path: '/x', tags: ['t'] })] },
      { services: [service('s')] },
      ['update services'],
    ],
    [
      'renames a service with its route',
      { services: [service('s', { routes: [{ name: 'r', paths: ['/r'] }] })] },
      { services: [service('t', { routes: [{ name: 'r', paths: ['/r'] }] })] },
      ['create services', 'update routes', 'delete services'],
    ],
    [
      'moves a plugin from a service to its route',
      {
        services: [service('s', { plugins: [cors], routes: [{ name: 'r', paths: ['/r'] }] })],
      },
      {
        services: [service('s', { routes: [{ name: 'r', paths: ['/r'], plugins: [cors] }] })],
      },
      ['create plugins', 'delete plugins'],
    ],
    [
      'moves a route',
      { services: [service('s', { routes: [{ name: 'r', paths: ['/r'] }] }), service('t')] },
      { services: [service('s'), service('t', { routes: [{ name: 'r', paths: ['/r'] }] })] },
      ['update routes'],
    ],
    [
      'changes a target and drops one',
      { upstreams: [{ name: 'u', targets: [{ target: 'a.test:1' }, { target: 'b.test:1' }] }] },
      { upstreams: [{ name: 'u', targets: [{ target: 'a.test:1', weight: 5 }] }] },
      ['update targets', 'delete targets'],
    ],
    [
      'turns a plugin off and configures it anew',
      { plugins: [cors] },
      { plugins: [{ ...cors, enabled: false, config: { max_age: 2 } }] },
      ['update plugins'],
    ],
    [
      'takes credentials away with their consumer',
      {
        consumers: [
          { username: 'mia', keyauth_credentials: [{ key: 'k' }], acls: [{ group: 'g' }] },
        ],
      },
      {},
      ['delete acls', 'delete keyauth_credentials', 'delete consumers'],
    ],
  ])('%s', async (_, before, after, done) => {
    const { deck } = await openDeckGate()
    await deck.sync(fileOf(before))
    const changes = await deck.sync(fileOf(after))
    expect(changes.map(({ action, table }) => `${action} ${table}`).sort()).toEqual(
      [...done].sort(),
    )
    expect(await deck.diff(fileOf(after))).toEqual([])
  })

  it('leaves alone what does not bear the selected tags', async () => {
    const { deck, counts } = await openDeckGate()
    await deck.sync(fileOf({ services: [service('theirs')] }))
    const mine = fileOf({
      _info: { select_tags: ['a', 'b'] },
      services: [service('mine', { routes: [{ name: 'r', paths: ['/r'] }] })],
    })
    await deck.sync(mine)
    expect(await deck.diff(mine)).toEqual([])
    await deck.sync(fileOf({ _info: { select_tags: ['a', 'b'] } }))
    expect(await counts()).toEqual({ services: 1 })
  })

  it('is told what is not valid, one answer an entity', async () => {
    const { deck } = await openDeckGate()
    const file = fileOf({
      services: [service('s', { port: 99999 })],
      plugins: [{ name: 'cors', config: { max_age: 'x' } }],
    })
    expect(await deck.validate(file)).toHaveLength(2)
  })
})

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { adminClient, type Fetch } from '../../src/sync/client.ts'
import { changesOf } from '../../src/sync/plan.ts'
import { lineOf } from '../../src/sync/report.ts'
import { carryOut, dumpGateway, planFiles, type SyncOptions } from '../../src/sync/sync.ts'
import { type DeckGate, openDeckGate } from './deck-gate.ts'
import type { Json } from './deck-schema.ts'
import { entityFiles, fileOf } from './files.ts'
import { oldConfigs, pluginConfigs, richerConfigs, untracedConfigs } from './plugin-configs.ts'

/** `gibbon sync` and its sisters, in this process. */
interface Syncer {
  /** Syncs, and says what it did: `creating service s`. */
  sync(file: Json): Promise<readonly string[]>
  diff(file: Json): Promise<readonly string[]>
  dump(selectTags?: readonly string[]): Promise<Json>
}

function syncerOf({ fetch }: Pick<DeckGate, 'fetch'>): Syncer {
  const client = adminClient({ url: 'http://admin', headers: {}, fetch })
  const options: SyncOptions = {
    client,
    selectTags: [],
    newId: () => crypto.randomUUID(),
    parallelism: 4,
  }
  const plan = (file: Json) => planFiles([{ name: 'kong.yaml', document: file }], options)
  const lines = async (file: Json) => changesOf(await plan(file)).map((one) => lineOf(one, []))
  return {
    diff: lines,
    async sync(file) {
      const found = await plan(file)
      await carryOut(found, options)
      return changesOf(found).map((one) => lineOf(one, []))
    },
    dump: async (selectTags = []) => parse((await dumpGateway({ ...options, selectTags })).text),
  }
}

/** A gateway that takes no commits, as Kong. */
function withoutCommits(fetch: Fetch): Fetch {
  return (url, init) =>
    url.endsWith('/batch')
      ? Promise.resolve({ status: 404, text: async () => '{"message":"Not found"}' })
      : fetch(url, init)
}

function withoutPasswords(file: Json): unknown {
  return JSON.parse(JSON.stringify(file, (name, value) => (name === 'password' ? '' : value)))
}

const plugins = Object.entries(pluginConfigs).map(([name, config]) => ({ name, config }))
const everything = readFileSync(new URL('../deck-binary/everything.yaml', import.meta.url), 'utf8')
const files: readonly (readonly [what: string, file: Json])[] = [
  ...entityFiles,
  ...[...plugins, ...richerConfigs, ...oldConfigs, ...untracedConfigs].map(
    (plugin) =>
      [`${plugin.name} ${JSON.stringify(plugin.config)}`, fileOf({ plugins: [plugin] })] as const,
  ),
]

describe.each([
  { way: 'as one commit', wrap: (fetch: Fetch) => fetch },
  { way: 'level by level', wrap: withoutCommits },
])('a sync $way', ({ wrap }) => {
  const all = [...files, ['everything at once', parse(everything)] as const]
  it.each(all)('comes to rest with %s', async (_, file) => {
    const gate = await openDeckGate()
    const syncer = syncerOf({ fetch: wrap(gate.fetch) })
    const made = await syncer.sync(file)
    expect(made.length).toBeGreaterThan(0)
    expect(made.every((line) => line.startsWith('creating '))).toBe(true)
    expect(await syncer.diff(file)).toEqual([])

    const dumped = await syncer.dump()
    expect(await syncer.diff(dumped)).toEqual([])
    await syncer.sync(fileOf({}))
    expect(await gate.counts()).toEqual({})
    await syncer.sync(dumped)
    // A password is hashed again, so it is no more what was dumped.
    expect(withoutPasswords(await syncer.dump())).toEqual(withoutPasswords(dumped))
  })

  const service = (name: string, more: Json = {}) => ({ name, host: 'h.test', ...more })
  const route = { name: 'r', paths: ['/r'] }
  const id = '00000000-0000-4000-8000-00000000abcd'
  const other = '00000000-0000-4000-8000-00000000dcba'
  it.each<[what: string, before: Json, after: Json, lines: string[]]>([
    [
      'changes a service',
      { services: [service('s', { path: '/x', tags: ['t'] })] },
      { services: [service('s', { retries: 1 })] },
      ['updating service s: path "/x" -> unset, retries 5 -> 1, tags ["t"] -> unset'],
    ],
    [
      'keeps the secret of a changed credential to itself',
      {
        consumers: [
          { username: 'mia', jwt_secrets: [{ key: 'k', algorithm: 'HS256', secret: 'before' }] },
        ],
      },
      {
        consumers: [
          { username: 'mia', jwt_secrets: [{ key: 'k', algorithm: 'HS256', secret: 'after' }] },
        ],
      },
      ['updating jwt-auth k for consumer mia: secret changes'],
    ],
    [
      'renames a service and keeps its route',
      { services: [service('s', { routes: [route] })] },
      { services: [service('t', { routes: [route] })] },
      ['creating service t', 'updating route r: service "s" -> "t"', 'deleting service s'],
    ],
    [
      'renames a service that has an id',
      { services: [service('s', { id })] },
      { services: [service('t', { id }), service('s', { port: 81 })] },
      ['updating service t: name "s" -> "t"', 'creating service s'],
    ],
    [
      'swaps the names of two services',
      { services: [service('s', { id }), service('t', { id: other, routes: [route] })] },
      { services: [service('t', { id }), service('s', { id: other, routes: [route] })] },
      [
        ...['deleting route r', 'deleting service s', 'deleting service t'],
        ...['creating service t', 'creating service s', 'creating route r'],
      ],
    ],
    [
      'clears what bears a name that is wanted under another id',
      { services: [service('s', { routes: [route], plugins: [{ name: 'cors' }] })] },
      { services: [service('s', { id, routes: [route], plugins: [{ name: 'cors' }] })] },
      [
        ...['deleting plugin cors for service s', 'deleting route r', 'deleting service s'],
        ...['creating service s', 'creating route r', 'creating plugin cors for service s'],
      ],
    ],
    [
      'moves a key from one consumer to another',
      {
        consumers: [{ username: 'mia', keyauth_credentials: [{ key: 'k' }] }, { username: 'noor' }],
      },
      {
        consumers: [{ username: 'mia' }, { username: 'noor', keyauth_credentials: [{ key: 'k' }] }],
      },
      [
        expect.stringMatching(
          /^updating key-auth [-0-9a-f]+ for consumer noor: consumer "mia" -> "noor"$/,
        ),
      ],
    ],
    [
      'knows a target by its canonical text',
      { upstreams: [{ name: 'u', targets: [{ target: '[::1]:80' }, { target: 'h.test' }] }] },
      { upstreams: [{ name: 'u', targets: [{ target: 'h.test:8000', weight: 1 }] }] },
      [
        'updating target h.test:8000 for upstream u: weight 100 -> 1',
        'deleting target [0000:0000:0000:0000:0000:0000:0000:0001]:80 for upstream u',
      ],
    ],
  ])('%s', async (_, before, after, lines) => {
    const gate = await openDeckGate()
    const syncer = syncerOf({ fetch: wrap(gate.fetch) })
    await syncer.sync(fileOf(before))
    expect(await syncer.sync(fileOf(after))).toEqual(lines)
    expect(await syncer.diff(fileOf(after))).toEqual([])
    expect(await gate.deck.diff(fileOf(after))).toHaveLength(0)
  })

  it('leaves alone what does not bear the selected tags', async () => {
    const gate = await openDeckGate()
    const syncer = syncerOf({ fetch: wrap(gate.fetch) })
    await syncer.sync(fileOf({ services: [service('theirs')] }))
    const mine = fileOf({
      _info: { select_tags: ['a', 'b'] },
      services: [service('mine', { routes: [route], tags: ['own'] })],
      upstreams: [{ name: 'u', targets: [{ target: 'h.test:80' }] }],
    })
    await syncer.sync(mine)
    expect(await syncer.diff(mine)).toEqual([])
    expect(await gate.deck.diff(mine)).toEqual([])
    const dumped = await syncer.dump(['a', 'b'])
    expect(dumped).toMatchObject({
      _info: { select_tags: ['a', 'b'] },
      services: [{ tags: ['own'] }],
    })
    expect(await syncer.diff(dumped)).toEqual([])
    await syncer.sync(fileOf({ _info: { select_tags: ['a', 'b'] } }))
    expect(await gate.counts()).toEqual({ services: 1 })
  })
})

describe('what one writes the other finds unchanged', () => {
  // decK and Kong part on what has no port, or algorithms that imply each other: see clients.md.
  it.each(files.filter(([what]) => !what.startsWith('session {"secret":"s"')))(
    '%s',
    async (_, file) => {
      const gate = await openDeckGate()
      const syncer = syncerOf(gate)
      await gate.deck.sync(file)
      expect(await syncer.diff(file)).toEqual([])
      await gate.deck.reset()
      await syncer.sync(file)
      expect(await gate.deck.diff(file)).toEqual([])
      const dumped = await syncer.dump()
      await gate.deck.sync(dumped)
      expect(await gate.deck.diff(dumped)).toEqual([])
    },
  )
})

/** Small worlds, whose names and ids collide as often as they can. */
const name = fc.constantFrom('a', 'b', 'c')
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const idAmong = (kind: number) =>
  fc.nat({ max: 2 }).map((i) => `${kind}0000000-0000-4000-8000-00000000000${i}`)
const unique = <T extends { name?: string; id?: string | undefined }>(list: fc.Arbitrary<T>) =>
  fc.uniqueArray(list, { maxLength: 3, selector: (one) => one.name }).filter((all) => {
    const ids = all.flatMap(({ id }) => (id === undefined ? [] : [id]))
    return new Set(ids).size === ids.length
  })
const pluginList = unique(fc.record({ name: fc.constantFrom('cors', 'acl', 'jwt') })).map((all) =>
  all.map(({ name }) => ({ name, config: pluginConfigs[name] })),
)
const routeList = unique(
  fc.record({ name, id: optional(idAmong(1)), paths: fc.constant(['/']), plugins: pluginList }),
)
const world = fc.record({
  services: unique(fc.record({ name, id: optional(idAmong(2)), host: name, plugins: pluginList })),
  routes: routeList,
  owners: fc.array(optional(name), { minLength: 3, maxLength: 3 }),
  consumers: unique(
    fc.record({ name, id: optional(idAmong(3)), keys: fc.uniqueArray(name, { maxLength: 2 }) }),
  ),
})

type World = typeof world extends fc.Arbitrary<infer W> ? W : never

function worldFile({ services, routes, owners, consumers }: World): Json {
  const taken = new Set<string>()
  return fileOf({
    services,
    routes: routes.map((route, i) => {
      const owner = services.find((service) => service.name === owners[i])
      return owner === undefined ? route : { ...route, service: owner.name }
    }),
    consumers: consumers.map(({ name: username, keys, ...consumer }) => ({
      ...consumer,
      username,
      keyauth_credentials: keys.flatMap((key) => {
        if (taken.has(key)) return []
        taken.add(key)
        return [{ key }]
      }),
    })),
  })
}

it.each([
  { way: 'as one commit', wrap: (fetch: Fetch) => fetch },
  { way: 'level by level', wrap: withoutCommits },
])('from any world to any other, $way', async ({ wrap }) => {
  await fc.assert(
    fc.asyncProperty(world, world, async (before, after) => {
      const gate = await openDeckGate()
      const syncer = syncerOf({ fetch: wrap(gate.fetch) })
      await syncer.sync(worldFile(before))
      await syncer.sync(worldFile(after))
      expect(await syncer.diff(worldFile(after))).toEqual([])
      expect(await gate.deck.diff(worldFile(after))).toEqual([])
    }),
    { numRuns: 40 },
  )
})

describe('a sync as one commit', () => {
  it('changes nothing when one entity is refused, and says which', async () => {
    const gate = await openDeckGate()
    const syncer = syncerOf(gate)
    const services = [
      { name: 'good', host: 'h.test' },
      { name: 'bad', host: 'h.test', port: 99999 },
    ]
    await expect(syncer.sync(fileOf({ services }))).rejects.toThrow(
      /^cannot create service bad: 400 schema violation .*; nothing was changed$/,
    )
    expect(await gate.counts()).toEqual({})
  })

  it('is one revision, however many entities', async () => {
    const gate = await openDeckGate()
    const services = Array.from({ length: 1000 }, (_, i) => ({
      ...{ name: `s${i}`, host: 'h.test' },
      routes: [{ name: `r${i}`, paths: [`/${i}`] }],
      plugins: [{ name: 'cors' }],
    }))
    const before = Number((await gate.gate.get('/')).headers.get('x-config-revision'))
    expect(await syncerOf(gate).sync(fileOf({ services }))).toHaveLength(3000)
    const after = Number((await gate.gate.get('/')).headers.get('x-config-revision'))
    expect(after - before).toBe(1)
  })
})

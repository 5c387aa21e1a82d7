import { afterEach, describe, expect, it } from 'vitest'
import { createSocketTransport } from '../../adapters/node-http/transport.ts'
import { createHttpCaller } from '../../src/pdk/http-call.ts'
import type { VaultServer } from '../../src/plugins/acme/config.ts'
import { consulStorage } from '../../src/plugins/acme/consul-storage.ts'
import { type AcmeStorage, STORED } from '../../src/plugins/acme/storage.ts'
import { vaultStorage } from '../../src/plugins/acme/vault-storage.ts'
import type { Files } from '../../src/ports/files.ts'
import { fakeRuntime } from '../proxy/fakes.ts'
import { type FakeServer, openConsul, openVault } from './fake-servers.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

interface Opened {
  readonly storage: AcmeStorage
  /** Another gateway's, of the same server. */
  readonly other: AcmeStorage
  readonly server: FakeServer
  readonly runtime: ReturnType<typeof fakeRuntime>
}

const PLACE = {
  https: false,
  host: '127.0.0.1',
  kv_path: null,
  timeout: null,
  token: 'secret',
  auth_method: 'token',
  auth_path: null,
  auth_role: null,
  jwt_path: null,
} as const
const ACCOUNT = STORED.account('https://ca.test/directory', 'me+ü@a.test')

function parts() {
  const runtime = fakeRuntime()
  const transport = createSocketTransport()
  closing.push(() => transport.close())
  const kept = new Map<string, unknown>()
  const keep = <T>(key: string, make: () => T): T => {
    if (!kept.has(key)) kept.set(key, make())
    return kept.get(key) as T // each key has one maker
  }
  const files: Files = {
    append: async () => {},
    read: async (path) => new TextEncoder().encode(`jwt of ${path}\n`),
    close: async () => {},
  }
  return { runtime, http: createHttpCaller(transport), keep, files }
}

async function consul(kv_path: string | null = null): Promise<Opened> {
  const kit = parts()
  const server = await openConsul({ token: 'secret' })
  closing.push(() => server.close())
  const open = () => consulStorage({ ...PLACE, kv_path, port: server.port }, kit)
  return { storage: open(), other: open(), server, runtime: kit.runtime }
}

async function vault(
  given: Partial<VaultServer> = {},
  tokens = new Set(['secret']),
): Promise<Opened> {
  const kit = parts()
  const server = await openVault({ now: () => kit.runtime.time, tokens, jwt: 'jwt of /jwt' })
  closing.push(() => server.close())
  const open = () => vaultStorage({ ...PLACE, ...given, port: server.port }, kit)
  return { storage: open(), other: open(), server, runtime: kit.runtime }
}

describe.each([
  { name: 'a Consul', open: () => consul() },
  { name: 'a Consul, in a folder', open: () => consul('/deep/er/') },
  { name: 'a Vault', open: () => vault() },
  { name: 'a Vault, in a folder', open: () => vault({ kv_path: 'secret/deep/er' }) },
])('$name', ({ open }) => {
  it('keeps, changes and forgets', async () => {
    const { storage, other } = await open()
    for (const key of [ACCOUNT, STORED.challenge('t-_1'), `${STORED.renewal}a.test`]) {
      expect(await storage.get(key)).toBeUndefined()
      await storage.set(key, 'wört')
      await storage.set(key, '{"wört": 1}')
      expect(await other.get(key)).toBe('{"wört": 1}')
      await storage.delete(key)
      expect(await other.get(key)).toBeUndefined()
    }
  })

  it('adds once, and again when it has ended', async () => {
    const { storage, other, runtime } = await open()
    expect(await storage.add('lock:a', '1', 30)).toBe(true)
    expect(await other.add('lock:a', '2', 30)).toBe(false)
    runtime.time += 30_001
    expect(await other.get('lock:a')).toBeUndefined()
    expect(await other.add('lock:a', '3', 30)).toBe(true)
    expect(await storage.get('lock:a')).toBe('3')
  })

  it('lets one of two add', async () => {
    const { storage, other } = await open()
    const added = await Promise.all([storage.add('lock', '1', 30), other.add('lock', '2', 30)])
    expect(added.sort()).toEqual([false, true])
  })

  it('lists by the beginning', async () => {
    const { storage } = await open()
    expect(await storage.list(STORED.renewal)).toEqual([])
    for (const host of ['a.test', '*.b.test', 'c.test'])
      await storage.set(STORED.renewal + host, '1')
    await storage.set('other', '1')
    expect([...(await storage.list(STORED.renewal))].sort()).toEqual(
      ['*.b.test', 'a.test', 'c.test'].map((host) => STORED.renewal + host),
    )
  })
})

it('finds in Consul and Vault what Kong put there', async () => {
  const first = await consul()
  await first.storage.set(STORED.challenge('t'), 'x', 10)
  expect(first.server.asked).toEqual([`PUT /v1/kv/acme/t#http-01?flags=1700000010000`])
  const second = await vault()
  await second.storage.set(ACCOUNT, 'x', 10)
  const key = ACCOUNT.replaceAll('/', '-')
  expect(second.server.asked).toEqual([
    `POST /v1/acme/metadata/${key}`,
    `POST /v1/acme/data/${key}`,
  ])
})

it.each([
  [
    'Consul',
    async () =>
      consulStorage({ ...PLACE, token: 'x', port: (await consul()).server.port }, parts()),
  ],
  ['Vault', async () => (await vault({ token: 'x' })).storage],
])('says so when %s refuses', async (name, open) => {
  const storage = await open()
  const error = `${name} answered 403`
  await expect(storage.get('a')).rejects.toThrow(error)
  await expect(storage.set('a', 'b')).rejects.toThrow(error)
  await expect(storage.add('a', 'b', 1)).rejects.toThrow(error)
  await expect(storage.list('a')).rejects.toThrow(error)
  await expect(storage.delete('a')).rejects.toThrow(error)
})

describe('a pod at a Vault', () => {
  const POD = { auth_method: 'kubernetes', auth_role: 'gateway', jwt_path: '/jwt' } as const
  const logins = ({ server }: Opened) => server.asked.filter((one) => one.includes('/login')).length

  it('logs in once for as long as that is good', async () => {
    const opened = await vault(POD, new Set())
    await opened.storage.set('a', '1')
    expect(await opened.other.get('a')).toBe('1')
    expect(logins(opened)).toBe(1)
    opened.runtime.time += 90_000
    expect(await opened.storage.get('a')).toBe('1')
    expect(logins(opened)).toBe(2)
  })

  it('logs in again when its token is refused', async () => {
    const tokens = new Set<string>()
    const opened = await vault(POD, tokens)
    await opened.storage.set('a', '1')
    tokens.clear()
    await expect(opened.storage.get('a')).rejects.toThrow('403')
    expect(await opened.storage.get('a')).toBe('1')
  })

  it('is told when it may not', async () => {
    const { storage } = await vault({ ...POD, auth_role: 'other' }, new Set())
    await expect(storage.get('a')).rejects.toThrow('Vault does not log in the pod: 400')
  })
})

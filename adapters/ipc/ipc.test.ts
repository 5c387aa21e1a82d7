import { describe, expect, it } from 'vitest'
import type { Store } from '../../src/ports/store.ts'
import { describeKV } from '../../test/contract/kv.ts'
import { describeStore } from '../../test/contract/store.ts'
import { createMemoryKV } from '../memory/kv.ts'
import { createMemoryStore } from '../memory/store.ts'
import { createStorageCaller } from './calls.ts'
import { createStorageHost, type StorageHost } from './host.ts'
import { createIpcKV } from './kv.ts'
import { type IpcStore, openIpcStore } from './store.ts'
import { wirePair } from './wire.fixture.ts'

function hostOf(store: Store = createMemoryStore(), now: () => number = Date.now): StorageHost {
  return createStorageHost({ store, kv: createMemoryKV({ now }) })
}

function callerTo(host: StorageHost) {
  const [near, far] = wirePair()
  host.serve(far)
  return { caller: createStorageCaller(near), hangUp: far.close }
}

describeStore('another process', async () => {
  const host = hostOf()
  return { open: () => openIpcStore(callerTo(host).caller) }
})

describeKV('another process', async () => ({
  open: async (now) => createIpcKV(callerTo(hostOf(createMemoryStore(), now)).caller),
}))

const put = (key: string, value: number) => ({ puts: [{ key, value }], deletes: [] })
const valuesIn = async (store: Store) =>
  (await store.load()).entries.map(({ key, value }) => `${key} ${value}`)

it('drains for all who ask the same process, those that come later too', async () => {
  const host = hostOf()
  const [one, two] = [callerTo(host).caller, callerTo(host).caller]
  expect([await one.isDraining(), await two.isDraining()]).toEqual([false, false])
  await one.drain()
  const later = callerTo(host).caller
  expect([await one.isDraining(), await two.isDraining(), await later.isDraining()]).toEqual(
    Array(3).fill(true),
  )
  expect(await callerTo(hostOf()).caller.isDraining()).toBe(false)
})

describe('a store that another process keeps', () => {
  it('tells the others of a commit, and lets them see it at once when they ask', async () => {
    const host = hostOf()
    const [one, two] = await Promise.all([open(host), open(host)])
    const told: string[] = []
    one.onCommitted(() => told.push('one'))
    two.onCommitted(() => told.push('two'))
    expect(await one.commit(0, put('a', 1))).toEqual({ ok: true, revision: 1 })
    expect(await two.revision()).toBe(1)
    expect(await valuesIn(two)).toEqual(['a 1'])
    expect(told).toEqual(['two'])
    expect(await two.commit(0, put('b', 1))).toEqual({ ok: false, revision: 1 })
    await two.commit(1, { puts: [], deletes: ['a'] })
    expect(await valuesIn(one)).toEqual([])
  })

  it('takes all anew when it missed a commit', async () => {
    const kept = createMemoryStore()
    const host = hostOf(kept)
    const store = await open(host)
    await kept.commit(0, put('a', 1))
    expect(await store.revision()).toBe(1)
    expect(await valuesIn(store)).toEqual(['a 1'])
    await store.commit(1, put('b', 2))
    expect(await valuesIn(store)).toEqual(['a 1', 'b 2'])
  })

  it('is told nothing before it asks to be', async () => {
    const host = hostOf()
    const [near, far] = wirePair()
    const heard: unknown[] = []
    near.onMessage((message) => heard.push('kind' in message ? message.kind : undefined))
    host.serve(far)
    const [writer, store] = await Promise.all([open(host), openIpcStore(createStorageCaller(near))])
    await writer.commit(0, put('a', 1))
    expect(heard).toEqual(['reply'])
    expect(await valuesIn(store)).toEqual(['a 1'])
    store.onCommitted(() => {})
    await writer.commit(1, put('a', 2))
    expect(await valuesIn(store)).toEqual(['a 2'])
    // The answers to load, revision, load; the commit; the answer to revision: the copy has it.
    expect(heard).toEqual(['reply', 'reply', 'reply', 'committed', 'reply'])
  })

  it('loses no commit made while it opens', async () => {
    const kept = createMemoryStore()
    const host = hostOf(kept)
    const writer = await open(host)
    for (let i = 0; i < 10; i++) {
      const opening = open(host)
      await Promise.resolve()
      await writer.commit(i, put('a', i))
      expect(await valuesIn(await opening)).toEqual([`a ${i}`])
    }
  })

  it('says why a commit was not made', async () => {
    const kept = createMemoryStore()
    const broken = { ...kept, commit: () => Promise.reject(new Error('The disk is full')) }
    const store = await open(hostOf(broken))
    await expect(store.commit(0, put('a', 1))).rejects.toThrow('The disk is full')
  })

  it('rejects what is under way when the other process is gone, and all from then on', async () => {
    const never = { ...createMemoryStore(), revision: () => new Promise<number>(() => {}) }
    const { caller, hangUp } = callerTo(hostOf(never))
    const store = await openIpcStore(caller)
    const asked = store.revision()
    hangUp()
    await expect(asked).rejects.toThrow('Cannot reach the process')
    await expect(store.load()).rejects.toThrow('Cannot reach the process')
  })
})

function open(host: StorageHost): Promise<IpcStore> {
  return openIpcStore(callerTo(host).caller)
}

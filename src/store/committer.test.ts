import { describe, expect, it } from 'vitest'
import { openStore, refusal, uuid } from '../../test/open-store.ts'
import { StoreUnavailable } from './store-unavailable.ts'

describe('the port', () => {
  it('that fails leaves memory as it was, and is used again at the next write', async () => {
    const { store, bench } = openStore()
    await store.insert('parents', { name: 'a' })
    let heard = 0
    store.subscribe(() => heard++)
    bench.fail = true
    const error = await store.insert('parents', { name: 'b' }).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(StoreUnavailable)
    expect(error).toMatchObject({ cause: new Error('disk on fire') })
    await expect(store.refresh()).rejects.toBeInstanceOf(StoreUnavailable)
    expect(store.find('parents', 'b')).toBeUndefined()
    expect(heard).toBe(0)
    bench.fail = false
    await store.insert('parents', { name: 'b' })
    expect(store.all('parents')).toHaveLength(2)
  })

  it('is caught up with when another writer was faster, and the write is made again', async () => {
    const { store, bench, rival: openRival } = openStore({ shared: true })
    const rival = openRival()
    const a = await store.insert('parents', { name: 'a' })
    await rival.load()
    await rival.update('parents', a.id, { code: 'x' })
    expect(await store.update('parents', a.id, { tags: ['t'] })).toMatchObject({
      code: 'x',
      tags: ['t'],
    })
    await rival.insert('parents', { id: uuid(50), name: 'b' })
    expect(await refusal(store.insert('parents', { name: 'b' }))).toMatchObject({ code: 5 })
    expect(bench.revision).toBe(4)
  })

  it('is asked again before a refusal that its newest rows may not bear out', async () => {
    const { store, rival: openRival } = openStore({ shared: true })
    const rival = openRival()
    const a = await store.insert('parents', { name: 'a' })
    await rival.load()
    await rival.remove('parents', a.id)
    expect(await store.insert('parents', { name: 'a' })).toMatchObject({ name: 'a' })
    await rival.refresh()
    const b = await store.insert('parents', { name: 'b' })
    expect(await rival.remove('parents', b.id)).toBe(true)
  })

  it('gives up when every single commit is lost', async () => {
    const { store, bench } = openStore()
    bench.beforeCommit = () => bench.revision++
    await expect(store.insert('parents', {})).rejects.toBeInstanceOf(StoreUnavailable)
  })

  it('is read at start and at a refresh, and listeners hear what differs', async () => {
    const { store, rival: openRival } = openStore({ shared: true })
    const rival = openRival()
    const a = await store.insert('parents', { name: 'a' })
    const b = await store.insert('parents', { name: 'b' })
    await rival.load()
    expect(rival.all('parents')).toEqual(store.all('parents'))
    const kept = rival.get('parents', b.id)
    const heard: string[] = []
    rival.subscribe((changes) => heard.push(...changes.map(({ id }) => id)))
    expect(await rival.refresh()).toBe(false)
    await store.remove('parents', a.id)
    expect(await rival.refresh()).toBe(true)
    expect(heard).toEqual([a.id])
    expect(rival.get('parents', b.id)).toBe(kept)
    expect(rival.revision).toBe(store.revision)
  })

  it('may hold what is not ours: it is left alone and logged', async () => {
    const { store, bench, clock } = openStore()
    bench.entries.set('strangers:1', { id: '1' }).set('parents:1', 7).set('parents:2', { id: '3' })
    bench.entries.set(`parents:${uuid(1)}`, { id: uuid(1), name: 'old release' })
    await store.load()
    expect(clock.logged).toHaveLength(3)
    expect(store.all('parents')).toEqual([
      { id: uuid(1), name: 'old release', code: null, limits: null, tags: null },
    ])
    await store.insert('parents', { id: uuid(9) })
    expect(bench.entries.has('strangers:1')).toBe(true)
  })
})

import { describe, expect, it } from 'vitest'
import { openStore, uuid } from '../../test/open-store.ts'
import { LOADED, loadedFrom } from './loaded.ts'

const rows = { parents: [{ id: uuid(7), name: 'a' }] }
const file = { hash: 'f', posted: false }
const posted = { hash: 'p', posted: true }

describe('the text that all there is came from', () => {
  it('is told in one commit with the rows, to others and after a restart too', async () => {
    const { store, bench, rival } = openStore({ shared: true })
    expect(store.loaded).toBeUndefined()
    await store.replace(rows, { loaded: posted })
    expect([store.loaded, bench.revision]).toEqual([posted, 1])
    const other = rival()
    await other.load()
    expect([other.loaded, other.all('parents').length]).toEqual([posted, 1])
    await other.replace(rows, { loaded: file })
    await store.refresh()
    expect(store.loaded).toEqual(file)
  })

  it('stays through a write of something else, and through one that fails', async () => {
    const { store, bench } = openStore()
    await store.replace(rows, { loaded: posted })
    await store.insert('parents', { name: 'b' })
    bench.fail = true
    await expect(store.replace({}, { loaded: file })).rejects.toThrow()
    expect(store.loaded).toEqual(posted)
  })

  it.each([
    { before: file, next: file, told: false },
    { before: file, next: { hash: 'g', posted: false }, told: true },
    { before: posted, next: posted, told: true },
    { before: posted, next: { hash: 'p', posted: false }, told: true },
    { before: file, next: undefined, told: false },
  ])('of $before, then $next with the same rows makes a commit: $told', async (given) => {
    const { store, bench } = openStore()
    await store.replace(rows, { loaded: given.before })
    await store.replace(rows, { loaded: given.next })
    expect(bench.revision).toBe(given.told ? 2 : 1)
  })

  it('is a commit of its own where there are no rows', async () => {
    const { store, bench } = openStore()
    await store.replace({}, { loaded: posted })
    expect([bench.revision, loadedFrom(bench.entries.get(LOADED))]).toEqual([1, posted])
  })
})

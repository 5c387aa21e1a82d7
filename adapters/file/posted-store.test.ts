import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Json, Store } from '../../src/ports/store.ts'
import { loadedEntry } from '../../src/store/loaded.ts'
import { breakableDisk } from '../../test/crash/breakable-disk.ts'
import { type Disk, machineDisk } from './disk.ts'
import { openPostedStore } from './posted-store.ts'

let folder = ''
let logged: string[] = []
const kept = () => path.join(folder, 'data', 'config.posted')
const files = () =>
  fs.existsSync(path.dirname(kept())) ? fs.readdirSync(path.dirname(kept())) : []

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gibbon-posted-'))
  logged = []
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

const open = ({ given = false, disk = machineDisk }: { given?: boolean; disk?: Disk } = {}) =>
  openPostedStore(path.dirname(kept()), {
    given,
    disk,
    log: (level, message, fields) => logged.push([level, message, fields?.error].join(' ').trim()),
  })

async function put(store: Store, entries: Record<string, Json>, posted?: boolean): Promise<void> {
  const told = posted === undefined ? [] : [loadedEntry({ hash: 'h', posted })]
  const puts = Object.entries(entries).map(([key, value]) => ({ key, value }))
  const batch = { puts: [...puts, ...told], deletes: [] }
  expect((await store.commit(await store.revision(), batch)).ok).toBe(true)
}

async function contents(store: Store): Promise<Record<string, Json>> {
  const { entries } = await store.load()
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]))
}

/** What the next start finds; the process before it may have been killed. */
async function afterRestart(options = {}): Promise<Record<string, Json>> {
  const store = await open(options)
  const found = await contents(store)
  await store.close()
  return found
}

const POSTED = { 'config:loaded': { hash: 'h', posted: true } }

describe('what is posted', () => {
  it('is there after a restart, all of it and without its past', async () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`a:${i}`, { n: i }]))
    const store = await open()
    await put(store, { 'a:0': 'before', 'b:1': 1 })
    const batch = { puts: [{ key: 'revisions:2:0', value: 0 }], deletes: ['b:1'] }
    await store.commit(1, batch)
    await put(store, many, true)
    expect(await afterRestart()).toEqual({ ...many, ...POSTED })
    expect(logged).toEqual([`notice Serving what was posted to /config, kept in "${kept()}"`])
    await store.close()
    expect(files()).toEqual(['config.posted'])
  })

  it('is kept whole each time, and not when another commit came first', async () => {
    const store = await open()
    await put(store, { a: 1 }, true)
    await put(store, { b: 2 }, true)
    const late = {
      puts: [{ key: 'c', value: 3 }, loadedEntry({ hash: 'l', posted: true })],
      deletes: [],
    }
    expect(await store.commit(1, late)).toEqual({ ok: false, revision: 2 })
    expect(await afterRestart()).toEqual({ a: 1, b: 2, ...POSTED })
  })

  it('gives way to a kong.yaml, once that is served', async () => {
    const store = await open()
    await put(store, { a: 1 }, true)
    await store.close()
    const next = await open({ given: true })
    expect(await contents(next)).toEqual({})
    expect(files()).toEqual(['config.posted'])
    await put(next, { b: 1 }, false)
    expect(files()).toEqual(['config.lock'])
    await next.close()
    expect(await afterRestart()).toEqual({})
    expect(logged).toEqual([])
  })
})

it('touches no disk for a kong.yaml', async () => {
  const store = await open({ given: true })
  await put(store, { a: 1 }, false)
  await put(store, { a: 2 })
  await store.close()
  expect(fs.readdirSync(folder)).toEqual([])
  expect(logged).toEqual([])
})

describe('a file that is damaged', () => {
  it.each([
    ['a byte', (whole: Buffer) => whole.fill(0, whole.length - 20, whole.length - 19)],
    ['its last line', (whole: Buffer) => whole.subarray(0, whole.indexOf(10) + 1)],
    ['half a line', (whole: Buffer) => whole.subarray(0, whole.length - 5)],
    ['its first line', (whole: Buffer) => whole.subarray(whole.indexOf(10) + 1)],
    ['all', (whole: Buffer) => whole.subarray(0, 0)],
  ])('which lost %s is set aside, and the next one is kept', async (_what, damage) => {
    const store = await open()
    await put(store, { a: 1 }, true)
    await store.close()
    fs.writeFileSync(kept(), damage(fs.readFileSync(kept())))

    const next = await open()
    expect(await contents(next)).toEqual({})
    expect(logged).toHaveLength(1)
    expect(logged[0]).toMatch(
      /^error Cannot read ".*config\.posted": line [12] is damaged; it is set/,
    )
    expect(files()).toContain('config.posted.damaged')
    await put(next, { b: 1 }, true)
    await next.close()
    expect(await afterRestart()).toEqual({ b: 1, ...POSTED })
  })
})

describe('a folder that is no good', () => {
  it.each(['write', 'sync', 'rename', 'syncFolder'] as const)(
    'whose %s fails keeps nobody from serving, and nothing older comes back',
    async (call) => {
      const { disk, broken } = breakableDisk()
      const store = await open({ disk })
      await put(store, { a: 1 }, true)
      broken.add(call)
      await put(store, { a: 2 }, true)
      expect(await contents(store)).toEqual({ a: 2, ...POSTED })
      expect(logged[0]).toMatch(/^warn Cannot keep what was posted .*ENOSPC/)
      expect(files()).not.toContain('config.posted')
      broken.clear()
      await put(store, { a: 3 }, true)
      expect(await afterRestart()).toEqual({ a: 3, ...POSTED })
    },
  )

  it('is told of, and all is served from memory', async () => {
    fs.writeFileSync(path.dirname(kept()), 'a file where the folder should be')
    const store = await open()
    await put(store, { a: 1 }, true)
    await store.close()
    expect(await contents(store)).toEqual({ a: 1, ...POSTED })
    expect(logged).toEqual([
      expect.stringMatching(/^warn Cannot read ".*", starting without a configuration/),
      expect.stringMatching(/^warn Cannot keep what was posted to \/config, it is gone .*ENOTDIR/),
    ])
  })

  it('leaves no drafts of a lock behind when it is full', async () => {
    const { disk, broken } = breakableDisk()
    broken.add('write')
    const store = await open({ disk })
    await put(store, { a: 1 }, true)
    await put(store, { a: 2 }, true)
    expect(files()).toEqual([])
  })

  it('that another process uses is left to it', async () => {
    const first = await open()
    await put(first, { a: 1 }, true)
    const second = await open()
    await put(second, { a: 2 }, true)
    expect(logged.at(-2)).toMatch(/^warn Cannot keep .*uses it already/)
    await second.close()
    expect(await afterRestart()).toEqual({ a: 1, ...POSTED })
  })
})

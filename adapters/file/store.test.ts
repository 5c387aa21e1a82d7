import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Json, Store } from '../../src/ports/store.ts'
import { breakableDisk } from '../../test/crash/breakable-disk.ts'
import type { Disk } from './disk.ts'
import { encodeLine } from './lines.ts'
import { openFileStore } from './store.ts'

let folder = ''
const file = () => path.join(folder, 'store.log')
const lock = () => path.join(folder, 'store.lock')

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gibbon-file-'))
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

async function put(store: Store, key: string, value: Json): Promise<void> {
  const batch = { puts: [{ key, value }], deletes: [] }
  expect((await store.commit(await store.revision(), batch)).ok).toBe(true)
}

async function contents(store: Store): Promise<Record<string, Json>> {
  const { entries } = await store.load()
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]))
}

/** Opens, looks and closes. */
async function reopened(): Promise<Record<string, Json>> {
  const store = await openFileStore(folder)
  const found = await contents(store)
  await store.close()
  return found
}

/** A store with `a`, `b` and `c`, closed. */
async function threeLines(): Promise<void> {
  const store = await openFileStore(folder)
  for (const [i, key] of ['a', 'b', 'c'].entries()) await put(store, key, i)
  await store.close()
}

describe('a log that ends badly', () => {
  it('drops a torn last line, wherever it is torn, and goes on', async () => {
    await threeLines()
    const whole = fs.readFileSync(file())
    const lastLine = whole.lastIndexOf(10, whole.length - 2) + 1
    for (let cut = lastLine; cut < whole.length; cut += 7) {
      fs.writeFileSync(file(), whole.subarray(0, cut))
      const store = await openFileStore(folder)
      expect(await contents(store)).toEqual({ a: 0, b: 1 })
      await put(store, 'd', cut)
      await store.close()
      expect(await reopened()).toEqual({ a: 0, b: 1, d: cut })
    }
  })

  it.each([
    ['zeros, as after a power cut', Buffer.alloc(5_000)],
    ['a line with a wrong checksum', Buffer.from('00000000 {"from":3,"changes":[]}\n')],
  ])('drops %s', async (_, tail) => {
    await threeLines()
    fs.appendFileSync(file(), tail)
    expect(await reopened()).toEqual({ a: 0, b: 1, c: 2 })
  })

  it.each([
    ['its second line', 2],
    ['its first line', 1],
  ])('is refused when %s is damaged, and stays as it is', async (_, line) => {
    await threeLines()
    const lines = fs.readFileSync(file(), 'latin1').split('\n')
    lines[line - 1] = (lines[line - 1] ?? '').replace('}', ']')
    fs.writeFileSync(file(), lines.join('\n'), 'latin1')
    await expect(openFileStore(folder)).rejects.toThrow(
      `Cannot read "${file()}": line ${line} is damaged; put back a copy of the file, or move it away`,
    )
    expect(fs.readFileSync(file(), 'latin1')).toBe(lines.join('\n'))
    expect(fs.existsSync(lock())).toBe(false)
  })

  it('is refused when it lost lines that were written at once with the first', async () => {
    const head = { format: 1, lines: 2, bytes: '000000000000100', revision: 7 }
    fs.writeFileSync(file(), encodeLine(JSON.stringify(head)))
    await expect(openFileStore(folder)).rejects.toThrow('line 2 is damaged')
  })

  it('is refused when it is empty, as no log of ours ever is', async () => {
    fs.writeFileSync(file(), '')
    await expect(openFileStore(folder)).rejects.toThrow('line 1 is damaged')
  })
})

describe('a disk that fails', () => {
  it.each<{ kinds: (keyof Disk)[] }>([
    { kinds: ['write'] },
    { kinds: ['sync'] },
    { kinds: ['write', 'truncate'] },
    { kinds: ['sync', 'truncate'] },
  ])('rejects commits while $kinds fail, and is well again after', async ({ kinds }) => {
    const { disk, broken } = breakableDisk()
    const store = await openFileStore(folder, { disk })
    await put(store, 'a', 1)
    for (const kind of kinds) broken.add(kind)
    const revision = await store.revision()
    for (const value of ['lost', 'lost too, and longer']) {
      const batch = { puts: [{ key: 'b', value }], deletes: [] }
      await expect(store.commit(revision, batch)).rejects.toThrow('ENOSPC')
    }
    expect(await store.revision()).toBe(revision)
    expect(await contents(store)).toEqual({ a: 1 })

    broken.clear()
    await put(store, 'c', 3)
    await store.close()
    expect(await reopened()).toEqual({ a: 1, c: 3 })
  })

  it('goes on with the old file while it cannot write a new one', async () => {
    const { disk, broken } = breakableDisk()
    const store = await openFileStore(folder, { disk })
    broken.add('rename')
    for (let i = 0; i < 30; i++) await put(store, 'a', `${i} ${'x'.repeat(100_000)}`)
    expect(fs.statSync(file()).size).toBeGreaterThan(3_000_000)
    broken.clear()
    for (let i = 30; i < 50; i++) await put(store, 'a', `${i} ${'x'.repeat(100_000)}`)
    await store.close()
    expect(fs.statSync(file()).size).toBeLessThan(2_000_000)
    expect(String((await reopened()).a).slice(0, 3)).toBe('49 ')
  })

  it('acknowledges nothing in a new file before its name lasts', async () => {
    const { disk, broken } = breakableDisk()
    broken.add('syncFolder')
    const store = await openFileStore(folder, { disk })
    const batch = { puts: [{ key: 'a', value: 1 }], deletes: [] }
    await expect(store.commit(0, batch)).rejects.toThrow('ENOSPC')
    broken.clear()
    expect(await store.commit(0, batch)).toEqual({ ok: true, revision: 1 })
    await store.close()
  })
})

describe('the log', () => {
  it('stays within about twice its live data', async () => {
    const store = await openFileStore(folder)
    for (let i = 0; i < 400; i++) await put(store, `k${i % 10}`, `${i} ${'x'.repeat(20_000)}`)
    await store.close()
    expect(fs.statSync(file()).size).toBeLessThan(2_000_000)
    const found = await reopened()
    expect(Object.values(found).map((value) => parseInt(String(value), 10))).toEqual(
      Array.from({ length: 10 }, (_, i) => 390 + i),
    )
  })

  it('keeps the revision when it is written anew', async () => {
    const store = await openFileStore(folder)
    for (let i = 0; i < 30; i++) await put(store, 'a', 'x'.repeat(100_000))
    await store.close()
    const again = await openFileStore(folder)
    expect(await again.revision()).toBe(30)
    await again.close()
  })

  it('makes many commits last with one sync', async () => {
    const { disk, calls } = breakableDisk()
    const store = await openFileStore(folder, { disk })
    calls.length = 0
    const commits = Array.from({ length: 50 }, (_, i) =>
      store.commit(i, { puts: [{ key: `k${i}`, value: i }], deletes: [] }),
    )
    expect((await Promise.all(commits)).every(({ ok }) => ok)).toBe(true)
    expect(calls.filter((name) => name === 'sync').length).toBeLessThanOrEqual(2)
    await store.close()
    expect(Object.keys(await reopened())).toHaveLength(50)
  })

  it('finishes what it has taken before it closes, and takes no more', async () => {
    const store = await openFileStore(folder)
    const commit = store.commit(0, { puts: [{ key: 'a', value: 1 }], deletes: [] })
    await store.close()
    expect((await commit).ok).toBe(true)
    await expect(store.commit(1, { puts: [], deletes: [] })).rejects.toThrow('closed')
    await store.close()
    expect(await reopened()).toEqual({ a: 1 })
  })
})

describe('the lock', () => {
  it('keeps a second store out, until the first is closed', async () => {
    const first = await openFileStore(folder)
    await expect(openFileStore(folder)).rejects.toThrow(
      `Cannot open "${lock()}": process ${process.pid} uses it already; choose another folder with data_dir`,
    )
    await first.close()
    expect(await reopened()).toEqual({})
    expect(fs.readdirSync(folder)).toEqual(['store.log'])
  })

  it.each([
    ['a dead process', { pid: 999_999_999, start: '1' }],
    ['an earlier process that had our pid', { pid: process.pid, start: '1' }],
    ['a process on a host that is no more', { pid: 1, host: 'elsewhere' }],
  ])('is taken from %s', async (_, holder) => {
    await threeLines()
    const stale = { host: os.hostname(), start: '', token: 'stale', ...holder }
    fs.writeFileSync(lock(), JSON.stringify(stale))
    expect(await reopened()).toEqual({ a: 0, b: 1, c: 2 })
    expect(fs.readdirSync(folder)).toEqual(['store.log'])
  })

  it.each([[''], ['not JSON'], ['null'], ['{"pid":"1"}']])(
    'is taken when it says %j',
    async (text) => {
      fs.writeFileSync(lock(), text)
      expect(await reopened()).toEqual({})
    },
  )

  it('is not taken from a live process', async () => {
    const holder = { pid: process.ppid, host: os.hostname(), start: '', token: 'theirs' }
    fs.writeFileSync(lock(), JSON.stringify(holder))
    await expect(openFileStore(folder)).rejects.toThrow(`process ${process.ppid} uses it already`)
  })

  it('once lost, lets no commit through, and what the new holder wrote stays', async () => {
    const first = await openFileStore(folder)
    await put(first, 'a', 1)
    const seen = JSON.parse(fs.readFileSync(lock(), 'utf8'))
    fs.writeFileSync(lock(), JSON.stringify({ ...seen, host: 'elsewhere' }))
    const second = await openFileStore(folder)
    const batch = { puts: [{ key: 'x', value: 1 }], deletes: [] }
    await expect(first.commit(1, batch)).rejects.toThrow('Another process has taken')
    await put(second, 'b', 2)
    await expect(first.commit(1, batch)).rejects.toThrow('Another process has taken')
    await first.close()
    await put(second, 'c', 3)
    await second.close()
    expect(await reopened()).toEqual({ a: 1, b: 2, c: 3 })
  })
})

describe('a folder', () => {
  it('is made with those above it', async () => {
    folder = path.join(folder, 'deep', 'er')
    expect(await reopened()).toEqual({})
  })

  it('that cannot be one is refused with its name', async () => {
    const taken = path.join(folder, 'taken')
    fs.writeFileSync(taken, '')
    const below = path.join(taken, 'data')
    for (const bad of [taken, below]) {
      await expect(openFileStore(bad)).rejects.toThrow(
        `Cannot write to the folder "${bad}": ENOTDIR`,
      )
    }
  })
})

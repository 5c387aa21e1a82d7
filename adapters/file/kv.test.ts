import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { breakableDisk } from '../../test/crash/breakable-disk.ts'
import { openFileKV } from './kv.ts'

let folder = ''
const file = () => path.join(folder, 'kv.log')

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gibbon-kv-'))
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

it('has after a reopening what it had before, ends included', async () => {
  let now = 1_000
  const first = await openFileKV(folder, { now: () => now })
  await first.set('a', '1')
  await first.set('short', 'x', { ttl: 50 })
  await first.set('gone', 'x')
  await first.delete('gone')
  await first.increment('n', 5, { ttl: 500 })
  await first.close()
  now += 100
  const second = await openFileKV(folder, { now: () => now })
  expect(await second.list('')).toEqual([
    ['a', '1'],
    ['n', '5'],
  ])
  expect(await second.increment('n', 1, { ttl: 500 })).toBe(6)
  now += 400
  expect(await second.get('n')).toBeUndefined()
  await second.close()
})

it('writes what comes at once in few calls, and stays small', async () => {
  const { disk, calls } = breakableDisk()
  const kv = await openFileKV(folder, { disk })
  calls.length = 0
  await Promise.all(Array.from({ length: 1_000 }, () => kv.increment('a')))
  expect(calls.length).toBeLessThan(10)
  for (let i = 0; i < 40; i++) await kv.set('b', 'x'.repeat(100_000))
  await kv.close()
  expect(fs.statSync(file()).size).toBeLessThan(2_000_000)
  const again = await openFileKV(folder)
  expect(await again.get('a')).toBe('1000')
  await again.close()
})

it('starts with what is readable of a damaged file', async () => {
  const kv = await openFileKV(folder)
  for (const key of ['a', 'b', 'c']) await kv.set(key, key)
  await kv.close()
  fs.writeFileSync(file(), fs.readFileSync(file(), 'utf8').replace('"c"', '"?"'))
  fs.appendFileSync(file(), 'garbage\n\nmore')
  const salvaged = await openFileKV(folder)
  expect(await salvaged.list('')).toEqual([
    ['a', 'a'],
    ['b', 'b'],
  ])
  await salvaged.set('d', 'd')
  await salvaged.close()

  const again = await openFileKV(folder)
  expect(await again.get('d')).toBe('d')
  await again.close()
  fs.writeFileSync(file(), '')
  const empty = await openFileKV(folder)
  expect(await empty.list('')).toEqual([])
  await empty.close()
})

it('serves from memory while the disk fails, and catches up after', async () => {
  const { disk, broken } = breakableDisk()
  const kv = await openFileKV(folder, { disk })
  broken.add('write')
  await expect(kv.set('a', '1')).rejects.toThrow('ENOSPC')
  expect(await kv.get('a')).toBe('1')
  broken.clear()
  await kv.set('b', '2')
  await kv.close()
  const again = await openFileKV(folder)
  expect(await again.list('')).toEqual([
    ['a', '1'],
    ['b', '2'],
  ])
  await again.close()
})

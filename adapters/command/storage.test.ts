import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readSettings } from '../../src/settings/read.ts'
import { fakeRuntime } from '../../test/proxy/fakes.ts'
import { openStorage } from './storage.ts'

const CHOSEN = '11111111-2222-4333-8444-555555555555'

let folder = ''

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gibbon-storage-'))
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

/** The node's id of one start that ends at once. */
async function nodeIdOf(values: Readonly<Record<string, string>>): Promise<string | undefined> {
  const read = readSettings([new Map(Object.entries({ data_dir: folder, ...values }))])
  if (!read.ok) throw new Error(read.errors.join())
  const uuid = () => crypto.randomUUID()
  const { store, kv, nodeId } = await openStorage(read, { ...fakeRuntime(), uuid })
  await store.close()
  await kv.close()
  return nodeId
}

it('goes by one id from start to start where the database is a file', async () => {
  const first = await nodeIdOf({ database: 'file' })
  expect(first).toMatch(/^[0-9a-f-]{36}$/)
  expect(await nodeIdOf({ database: 'file' })).toBe(first)
})

it('prefers the id that is set, and keeps its own for when it is not', async () => {
  const own = await nodeIdOf({ database: 'file' })
  expect(await nodeIdOf({ database: 'file', node_id: CHOSEN })).toBe(CHOSEN)
  expect(await nodeIdOf({ database: 'file' })).toBe(own)
})

it.each(['off', 'memory'])('writes nothing to go by with the database %s', async (database) => {
  expect(await nodeIdOf({ database })).toBeUndefined()
  expect(fs.readdirSync(folder)).toEqual([])
})

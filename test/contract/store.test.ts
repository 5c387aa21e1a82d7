import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { openFileStore } from '../../adapters/file/store.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import { describeStore } from './store.ts'

describeStore('memory', async () => ({ open: async () => createMemoryStore() }))

describeStore('file', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'gibbon-store-'))
  return {
    open: () => openFileStore(folder),
    clear: () => rm(folder, { recursive: true }),
  }
})

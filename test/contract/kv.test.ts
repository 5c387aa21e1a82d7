import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { openFileKV } from '../../adapters/file/kv.ts'
import { createMemoryKV } from '../../adapters/memory/kv.ts'
import { describeKV } from './kv.ts'

describeKV('memory', async () => ({ open: async (now) => createMemoryKV({ now }) }))

describeKV('file', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'gibbon-kv-'))
  return {
    open: (now) => openFileKV(folder, { now }),
    clear: () => rm(folder, { recursive: true }),
  }
})

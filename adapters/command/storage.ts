import type { KV } from '../../src/ports/kv.ts'
import type { Runtime } from '../../src/ports/runtime.ts'
import type { Store } from '../../src/ports/store.ts'
import { openFileKV } from '../file/kv.ts'
import { openPostedStore } from '../file/posted-store.ts'
import { openFileStore } from '../file/store.ts'
import { createMemoryKV } from '../memory/kv.ts'
import { createMemoryStore } from '../memory/store.ts'
import { configSource } from './config-source.ts'
import type { Read } from './serving.ts'

/** Opens what the `database` setting names; a file store that cannot be had rejects with the reason. */
export async function openStorage(
  { settings: { database }, process: chosen }: Read,
  runtime: Runtime,
): Promise<{ store: Store; kv: KV }> {
  const { dataDir } = chosen
  if (database === 'file') {
    const store = await openFileStore(dataDir)
    return { store, kv: await openFileKV(dataDir) }
  }
  const kv = createMemoryKV(runtime)
  if (database !== 'off') return { store: createMemoryStore(), kv }
  const given = configSource(chosen) !== undefined
  return { store: await openPostedStore(dataDir, { given, log: runtime.log }), kv }
}

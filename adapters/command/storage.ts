import type { KV } from '../../src/ports/kv.ts'
import type { Runtime } from '../../src/ports/runtime.ts'
import type { Store } from '../../src/ports/store.ts'
import { openFileKV } from '../file/kv.ts'
import { openFileStore } from '../file/store.ts'
import { createMemoryKV } from '../memory/kv.ts'
import { createMemoryStore } from '../memory/store.ts'

/** Opens what the `database` setting names; a file store that cannot be had rejects with the reason. */
export async function openStorage(
  database: string,
  dataDir: string,
  runtime: Runtime,
): Promise<{ store: Store; kv: KV }> {
  if (database !== 'file') return { store: createMemoryStore(), kv: createMemoryKV(runtime) }
  const store = await openFileStore(dataDir)
  return { store, kv: await openFileKV(dataDir) }
}

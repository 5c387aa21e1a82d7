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

/** What a node keeps, and the id it goes by; undefined for a new one. */
export interface Storage {
  readonly store: Store
  readonly kv: KV
  readonly nodeId: string | undefined
}

/** Opens what the `database` setting names; a file store that cannot be had rejects with the reason. */
export async function openStorage(
  { settings: { database, nodeId }, process: chosen }: Read,
  runtime: Runtime,
): Promise<Storage> {
  const { dataDir } = chosen
  if (database === 'file') {
    const store = await openFileStore(dataDir)
    const kv = await openFileKV(dataDir)
    return { store, kv, nodeId: nodeId ?? (await keptId(kv, runtime)) }
  }
  const kv = createMemoryKV(runtime)
  if (database !== 'off') return { store: createMemoryStore(), kv, nodeId }
  const given = configSource(chosen) !== undefined
  return { store: await openPostedStore(dataDir, { given, log: runtime.log }), kv, nodeId }
}

const NODE_ID = 'node:id'

/** Kong: a node goes by one id for good; metrics and traces tell nodes apart by it. */
async function keptId(kv: KV, runtime: Runtime): Promise<string> {
  const kept = await kv.get(NODE_ID)
  if (kept !== undefined) return kept
  const made = runtime.uuid()
  await kv.set(NODE_ID, made)
  return made
}

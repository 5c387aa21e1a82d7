import type { Runtime } from '../../src/ports/runtime.ts'
import type { Batch, Entry, Store } from '../../src/ports/store.ts'
import { LOADED, loadedFrom } from '../../src/store/loaded.ts'
import { createQueue } from '../../src/store/queue.ts'
import { REVISIONS } from '../../src/store/revision.ts'
import { createMemoryStore } from '../memory/store.ts'
import { type Disk, machineDisk } from './disk.ts'
import { DamagedFile, openPostedFile, type PostedFile } from './posted-file.ts'

type Log = Runtime['log']

/** How a store without a database is opened. */
export interface PostedStoreOptions {
  /** Whether a kong.yaml was given, which comes before what was posted. */
  readonly given: boolean
  readonly log: Log
  readonly disk?: Disk
}

/**
 * Keeps configuration in memory, as `database = off` does. What is posted as a whole is kept in a
 * file too and served by the next start, as Kong's LMDB does; a folder that is no good keeps
 * nobody from serving.
 */
export async function openPostedStore(
  folder: string,
  { given, log, disk = machineDisk }: PostedStoreOptions,
): Promise<Store> {
  const memory = createMemoryStore()
  const file = openPostedFile(folder, disk)
  const inTurn = createQueue()
  if (!given) {
    const puts = await readAgain(file, log)
    if (puts !== undefined) await memory.commit(0, { puts, deletes: [] })
  }
  const follow = async (batch: Batch): Promise<void> => {
    const loaded = loadedFrom(batch.puts.findLast(({ key }) => key === LOADED)?.value)
    if (loaded?.posted === true) await keep(file, await entriesAfter(memory, batch), log)
    else if (loaded !== undefined) await forget(file, log)
  }

  return {
    ...memory,
    commit: (expectedRevision, batch) =>
      inTurn(async () => {
        if ((await memory.revision()) === expectedRevision) await follow(batch)
        return memory.commit(expectedRevision, batch)
      }),
    close: () => inTurn(() => file.close()),
  }
}

/** All that is to be served; the past is not. */
async function entriesAfter(store: Store, { puts, deletes }: Batch): Promise<readonly Entry[]> {
  const entries = new Map((await store.load()).entries.map((entry) => [entry.key, entry]))
  for (const key of deletes) entries.delete(key)
  for (const entry of puts) entries.set(entry.key, entry)
  return [...entries.values()].filter(({ key }) => !key.startsWith(REVISIONS))
}

async function keep(file: PostedFile, entries: readonly Entry[], log: Log): Promise<void> {
  try {
    await file.write(entries)
  } catch (error) {
    log('warn', 'Cannot keep what was posted to /config, it is gone after a restart', { error })
    // An older one must not come back in its place.
    await forget(file, log)
  }
}

/** What serves now is not in the file, so the next start must not find it there. */
async function forget(file: PostedFile, log: Log): Promise<void> {
  try {
    await file.remove()
  } catch (error) {
    const message = `Cannot remove "${file.name}", a start without a kong.yaml serves it again`
    log('warn', message, { error })
  }
}

async function readAgain(file: PostedFile, log: Log): Promise<readonly Entry[] | undefined> {
  try {
    const entries = await file.read()
    if (entries !== undefined) {
      log('notice', `Serving what was posted to /config, kept in "${file.name}"`)
    }
    return entries
  } catch (error) {
    if (error instanceof DamagedFile) await setAside(file, { error, log })
    else log('warn', `Cannot read "${file.name}", starting without a configuration`, { error })
    return undefined
  }
}

async function setAside(
  file: PostedFile,
  { error, log }: { readonly error: DamagedFile; readonly log: Log },
): Promise<void> {
  const where = await file.setAside().then(
    (aside) => `it is set aside as "${aside}"`,
    (cause: unknown) => `it cannot be set aside (${String(cause)})`,
  )
  log('error', `${error.message}; ${where}, starting without a configuration`)
}

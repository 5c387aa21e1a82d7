import type { Batch, CommitResult, Entry, Json, Store } from '../../src/ports/store.ts'
import { type Disk, machineDisk } from './disk.ts'
import { openIn } from './folder.ts'
import type { Digest, Log } from './log.ts'

/** One commit as a line tells it. */
interface Change {
  readonly put: readonly (readonly [key: string, value: Json])[]
  readonly drop: readonly string[]
}

interface Waiting {
  readonly expected: number
  readonly change: Change
  readonly resolve: (result: CommitResult) => void
  readonly reject: (error: unknown) => void
}

interface Image {
  revision: number
  readonly values: Map<string, Json>
}

const ENTRIES_A_LINE = 32

/** Keeps configuration in a folder: an append log, one line for all commits that one sync makes last. */
export async function openFileStore(
  folder: string,
  { disk = machineDisk }: { readonly disk?: Disk } = {},
): Promise<Store> {
  const image: Image = { revision: 0, values: new Map() }
  const { log, release } = await openIn(folder, {
    name: 'store',
    disk,
    durable: true,
    salvage: false,
    read: (head, records) => readImage(image, head, records),
    digest: () => digestOf(image),
  })
  const writer = createWriter(image, log)
  return {
    traits: { durable: true, shared: false },
    load: async () => ({
      revision: image.revision,
      entries: Array.from(image.values, ([key, value]): Entry => ({ key, value })),
    }),
    commit: writer.commit,
    revision: async () => image.revision,
    close: async () => {
      if (await writer.close()) await release()
    },
  }
}

/** Commits that come while a sync is under way share the next one. */
function createWriter(image: Image, log: Log) {
  let waiting: Waiting[] = []
  let draining: Promise<void> | undefined
  let closed = false

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      await commitGroup(image, log, group)
      await log.compact()
    }
    draining = undefined
  }

  return {
    commit: (expected: number, batch: Batch): Promise<CommitResult> => {
      if (closed) return Promise.reject(new Error('Cannot commit: the store is closed'))
      return new Promise((resolve, reject) => {
        waiting.push({ expected, change: changeOf(batch), resolve, reject })
        draining ??= drain()
      })
    },
    /** False when it was closed before. */
    close: async (): Promise<boolean> => {
      if (closed) return false
      closed = true
      await draining
      return true
    },
  }
}

/** Answers each as if it came alone, in order; when the disk fails, none of them has happened. */
async function commitGroup(image: Image, log: Log, group: readonly Waiting[]): Promise<void> {
  const from = image.revision
  const changes: Change[] = []
  const answers: (() => void)[] = []
  try {
    for (const { expected, change, resolve } of group) {
      const ok = expected === from + changes.length
      if (ok) changes.push(change)
      const result = { ok, revision: from + changes.length }
      answers.push(() => resolve(result))
    }
    if (changes.length > 0) await log.append({ from, changes })
  } catch (error) {
    for (const { reject } of group) reject(error)
    return
  }
  for (const change of changes) apply(image, change)
  for (const answer of answers) answer()
}

/** A copy by way of text, so that memory holds what the file holds. */
function changeOf({ puts, deletes }: Batch): Change {
  return JSON.parse(
    JSON.stringify({ put: puts.map(({ key, value }) => [key, value]), drop: deletes }),
  )
}

function apply(image: Image, { put, drop }: Change): void {
  for (const key of drop) image.values.delete(key)
  for (const [key, value] of put) image.values.set(key, value)
  image.revision++
}

function digestOf({ revision, values }: Image): Digest {
  const entries = [...values]
  const records = Array.from({ length: Math.ceil(entries.length / ENTRIES_A_LINE) }, (_, line) =>
    entries.slice(line * ENTRIES_A_LINE, (line + 1) * ENTRIES_A_LINE),
  )
  return { head: { revision }, records }
}

/** The checksums have proven that these are lines which `digestOf` and `commitGroup` wrote. */
function readImage(
  image: Image,
  head: Readonly<Record<string, unknown>>,
  records: readonly unknown[],
): void {
  image.revision = Number(head.revision)
  for (const record of records) {
    if (Array.isArray(record)) {
      for (const [key, value] of record as [string, Json][]) image.values.set(key, value)
      continue
    }
    const { from, changes } = record as { from: number; changes: Change[] }
    if (from !== image.revision)
      throw new Error(`Cannot follow the log: revision ${from} is out of turn`)
    for (const change of changes) apply(image, change)
  }
}

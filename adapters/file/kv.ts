import type { KV } from '../../src/ports/kv.ts'
import { type Expiring, ExpiringMap } from '../memory/expiring-map.ts'
import { type Disk, machineDisk } from './disk.ts'
import { openIn } from './folder.ts'
import type { Digest, Log } from './log.ts'

/** A pair as a line tells it: key, value and end (null: never); the key alone is gone. */
type Line = readonly [key: string] | readonly [key: string, value: string, until: number | null]

const PAIRS_A_LINE = 64

/** Keeps state and counters in a folder. A killed process loses none; a power cut may cost the last ones. */
export async function openFileKV(
  folder: string,
  options: { readonly now?: () => number; readonly disk?: Disk } = {},
): Promise<KV> {
  const { now = Date.now, disk = machineDisk } = options
  const pairs = new ExpiringMap(now)
  const { log, release } = await openIn(folder, {
    name: 'kv',
    disk,
    durable: false,
    // State is only a hint: what can be read of it is worth more than a refusal to start.
    salvage: true,
    read: (_, records) => readPairs(pairs, records),
    digest: () => digestOf(pairs),
  })
  const writer = createWriter(log)
  return {
    traits: { atomic: true, shared: false },
    get: async (key) => pairs.get(key)?.value,
    set: async (key, value, { ttl } = {}) => writer.write(lineOf(key, pairs.set(key, value, ttl))),
    delete: async (key) => {
      if (pairs.delete(key)) await writer.write([key])
    },
    list: async (prefix) => pairs.list(prefix).map(([key, pair]) => [key, pair.value] as const),
    increment: async (key, by = 1, { ttl } = {}) => {
      const { pair, sum } = pairs.increment(key, by, ttl)
      await writer.write(lineOf(key, pair))
      return sum
    },
    close: async () => {
      if (await writer.close()) await release()
    },
  }
}

/** Writes that come while one is under way go out together next. */
function createWriter(log: Log) {
  let waiting: Line[] = []
  let writing: Promise<void> | undefined
  let next: Promise<void> | undefined
  let closed = false
  /** A failed write has left the file behind the pairs in memory. */
  let behind = false

  async function flush(): Promise<void> {
    await writing?.catch(() => undefined)
    const lines = waiting
    waiting = []
    writing = next
    next = undefined
    try {
      await (behind ? log.rewrite() : log.append(lines))
      behind = false
    } catch (error) {
      behind = true
      throw error
    }
    await log.compact()
  }

  return {
    write: (line: Line): Promise<void> => {
      if (closed) return Promise.reject(new Error('Cannot write: the KV is closed'))
      waiting.push(line)
      next ??= flush()
      return next
    },
    close: async (): Promise<boolean> => {
      if (closed) return false
      closed = true
      await (next ?? writing)?.catch(() => undefined)
      return true
    },
  }
}

function lineOf(key: string, { value, until }: Expiring): Line {
  return [key, value, until ?? null]
}

function digestOf(pairs: ExpiringMap): Digest {
  const lines = pairs.list('').map(([key, pair]) => lineOf(key, pair))
  const records = Array.from({ length: Math.ceil(lines.length / PAIRS_A_LINE) }, (_, record) =>
    lines.slice(record * PAIRS_A_LINE, (record + 1) * PAIRS_A_LINE),
  )
  return { head: {}, records }
}

/** The checksums have proven that these are lines which we wrote. */
function readPairs(pairs: ExpiringMap, records: readonly unknown[]): void {
  for (const [key, value, until] of records.flat() as Line[]) {
    if (value === undefined) pairs.delete(key)
    else pairs.put(key, { value, until: until ?? undefined })
  }
}

import type { KV } from '../../ports/kv.ts'
import { type Book, type Counts, type Slot, slotsOf, type Tally } from './tally.ts'

/**
 * Counts in the gateway's own store, for all gateways that share it. No more than the limit pass
 * where it adds atomically: whoever finds a window full takes back what it added.
 */
export function kvTally(kv: KV, book: Book): Tally {
  return {
    async take(identifier, now) {
      const slots = slotsOf(book, identifier, now)
      const before: number[] = []
      for (const [i, { key, limit, ttl }] of slots.entries()) {
        const count = (await kv.increment(key, 1, { ttl })) - 1
        before.push(count)
        if (count < limit) continue
        await takeBack(kv, slots.slice(0, i + 1))
        return [...before, ...(await readAll(kv, slots.slice(i + 1)))]
      }
      return before
    },
    read: (identifier, now) => readAll(kv, slotsOf(book, identifier, now)),
    async add(identifier, by, now) {
      const slots = slotsOf(book, identifier, now)
      await Promise.all(slots.map(({ key, ttl }) => kv.increment(key, by, { ttl })))
    },
  }
}

async function takeBack(kv: KV, slots: readonly Slot[]): Promise<void> {
  await Promise.all(slots.map(({ key, ttl }) => kv.increment(key, -1, { ttl })))
}

function readAll(kv: KV, slots: readonly Slot[]): Promise<Counts> {
  return Promise.all(slots.map(async ({ key }) => Math.max(0, Number((await kv.get(key)) ?? 0))))
}

import { createSweptMap } from '../../lib/swept-map.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { RedisClient } from '../../pdk/redis/redis-client.ts'
import { addToSlots, readSlots } from './redis-tally.ts'
import { type Book, isFull, type Slot, slotsOf, type Tally } from './tally.ts'

/** A counter of Redis, and what was counted here since. */
interface Counter {
  readonly key: string
  readonly until: number
  sum: number
  unsent: number
  /** When Redis told the sum. */
  toldAt: number
}

/** Counters that are counted here and told to Redis from time to time. */
export interface SyncedCounters {
  /** The counters of these slots, as Redis told them not long ago. */
  find(slots: readonly Slot[], now: number): readonly Counter[] | Promise<readonly Counter[]>
  count(counters: readonly Counter[]): void
  /** Tells Redis now. */
  flush(): Promise<void>
}

interface SyncOptions {
  readonly client: RedisClient
  /** Milliseconds between two talks with Redis. */
  readonly rate: number
  readonly kit: Pick<Kit, 'after' | 'runtime'>
}

const MOST = 200_000
const MOST_AT_ONCE = 1000

/** Makes them; whoever counts first after a talk sets the time of the next. */
export function createSyncedCounters({ client, rate, kit }: SyncOptions): SyncedCounters {
  const known = createSweptMap<Counter>(MOST)
  const changed = new Set<Counter>()
  const talks = createTalks({ rate, kit }, () => tell({ client, changed, runtime: kit.runtime }))

  const counterOf = ({ key, ttl }: Slot, now: number): Counter => {
    const found = known.get(key)
    if (found !== undefined) return found
    const toldAt = Number.NEGATIVE_INFINITY
    const counter = { key, until: now + ttl, sum: 0, unsent: 0, toldAt }
    known.add(key, counter, now)
    return counter
  }

  return {
    find(slots, now) {
      const counters = slots.map((slot) => counterOf(slot, now))
      const old = counters.filter(({ toldAt }) => now - toldAt > 2 * rate)
      return old.length === 0 ? counters : ask(client, old, now).then(() => counters)
    },
    count(counters) {
      for (const counter of counters) {
        counter.unsent++
        changed.add(counter)
      }
      talks.plan()
    },
    flush: talks.now,
  }
}

/** Talks with Redis, one after another. */
interface Talks {
  /** Sees to it that there is one before long. */
  plan(): void
  now(): Promise<void>
}

function createTalks(
  { rate, kit }: Omit<SyncOptions, 'client'>,
  tell: () => Promise<boolean>,
): Talks {
  const { after, runtime } = kit
  let last = Promise.resolve()
  let planned: (() => void) | undefined

  const talk = (): Promise<void> => {
    last = last.then(async () => {
      if (await tell()) plan()
    })
    return last
  }
  const plan = (): void => {
    if (planned !== undefined) return
    const talked = new Promise<void>((resolve) => {
      const run = (): void => {
        planned = undefined
        resolve(talk())
      }
      const cancel = after(rate, run)
      planned = () => {
        cancel()
        run()
      }
    })
    runtime.background(talked)
  }

  return {
    plan,
    async now() {
      planned?.()
      await last
    },
  }
}

interface Telling {
  readonly client: RedisClient
  readonly changed: Set<Counter>
  readonly runtime: Kit['runtime']
}

/** Tells what was counted, so much at once; whether there is more. */
async function tell({ client, changed, runtime }: Telling): Promise<boolean> {
  const now = runtime.now()
  for (const one of changed) if (one.until <= now) changed.delete(one)
  const batch = Array.from(changed).slice(0, MOST_AT_ONCE)
  if (batch.length === 0) return false
  try {
    await send(client, batch, now)
  } catch (error) {
    // What was not told is kept; the next request that counts sets the time to try again.
    runtime.log('error', 'Cannot tell Redis what was counted', { error })
    return false
  }
  for (const one of batch) if (one.unsent === 0) changed.delete(one)
  return changed.size > 0
}

async function ask(client: RedisClient, counters: readonly Counter[], now: number): Promise<void> {
  const sums = await readSlots(client, counters)
  for (const [i, counter] of counters.entries()) {
    counter.sum = Math.max(counter.sum, sums[i] ?? 0)
    counter.toldAt = now
  }
}

async function send(client: RedisClient, batch: readonly Counter[], now: number): Promise<void> {
  const sent = batch.map(({ key, until, unsent }) => ({ key, ttl: until - now, by: unsent }))
  const sums = await addToSlots(client, sent)
  for (const [i, counter] of batch.entries()) {
    counter.sum = sums[i] ?? counter.sum
    counter.unsent -= sent[i]?.by ?? 0
    counter.toldAt = now
  }
}

/** Counts here, within what Redis told; gateways differ by what they counted since. */
export function syncedTally(synced: SyncedCounters, book: Book): Pick<Tally, 'take' | 'close'> {
  const decide = (counters: readonly Counter[]): number[] => {
    const before = counters.map(({ sum, unsent }) => sum + unsent)
    if (!isFull(book, before)) synced.count(counters)
    return before
  }
  return {
    take(identifier, now) {
      const found = synced.find(slotsOf(book, identifier, now), now)
      return found instanceof Promise ? found.then(decide) : decide(found)
    },
    close: () => synced.flush(),
  }
}

import { createByteLru } from '../../lib/byte-lru.ts'
import type { HeaderView } from '../../pdk/headers.ts'
import type { Kit } from '../../pdk/kit.ts'
import { type Variance, variantKey } from './answer-cache.ts'
import { createAskWithin } from './ask-within.ts'
import type { KeptAnswer } from './kept-answer.ts'
import { nameOf } from './place.ts'
import {
  readEntry,
  type Spot,
  type WrittenFork,
  writtenAnswer,
  writtenFork,
} from './written-entry.ts'

/** Answers in the KV, for all that share it. What cannot be had of it in time is not there. */
export interface SharedAnswers {
  /** The answer for a spot and what the request says of itself; also a stale one. */
  find(spot: Spot, headers: HeaderView): Promise<KeptAnswer | undefined>
  /** Keeps an answer beside those that differ in what it varies by; tells whether it is kept. */
  keep(answer: KeptAnswer, variance: Variance): Promise<boolean>
  forget(spot: Spot): Promise<void>
}

/** As much as one process puts there, as in memory. What other processes put is theirs to bound. */
const MOST_BYTES = 64 * 2 ** 20

/** The key of a spot. What varies is kept under longer ones. */
export function keyOf({ pluginId, name }: Spot): string {
  return `proxy-cache:${pluginId}:${name}`
}

/** What it takes to keep answers there. */
interface Shelf extends Pick<Kit, 'kv' | 'runtime'> {
  /** Writes, and counts what this process has written. */
  put(key: string, value: string, ttl: number): Promise<void>
}

/** Opens what is kept there. */
export function createSharedAnswers(
  kit: Pick<Kit, 'kv' | 'runtime' | 'after'>,
  limit = MOST_BYTES,
): SharedAnswers {
  const { kv, runtime } = kit
  const ask = createAskWithin(kit)
  let replaced = ''
  const held = createByteLru<true>(limit, (_, key) => {
    if (key !== replaced) runtime.background(ask(() => kv.delete(key)))
  })
  const shelf: Shelf = {
    kv,
    runtime,
    async put(key, value, ttl) {
      replaced = key
      held.set(key, true, key.length + value.length)
      replaced = ''
      await kv.set(key, value, { ttl })
    },
  }
  return {
    async find(spot, headers) {
      const kept = await ask(() => find(shelf, spot, headers))
      // Clocks of gateways differ: none gives what is over by its own.
      return kept !== undefined && kept.until > runtime.now() ? kept : undefined
    },
    keep: async (answer, variance) => (await ask(() => write(shelf, answer, variance))) === true,
    forget: (spot) => ask(() => kv.delete(keyOf(spot))),
  }
}

async function find(
  shelf: Shelf,
  spot: Spot,
  headers: HeaderView,
): Promise<KeptAnswer | undefined> {
  const entry = await read(shelf, keyOf(spot), spot)
  if (entry === undefined || 'answer' in entry) return entry?.answer
  const { prefix, names } = entry.fork
  const variant = await read(shelf, keyOfVariant(prefix, { names, headers }), spot)
  return variant !== undefined && 'answer' in variant ? variant.answer : undefined
}

async function write(shelf: Shelf, answer: KeptAnswer, variance: Variance): Promise<boolean> {
  const ttl = answer.until - shelf.runtime.now()
  if (ttl <= 0) return false
  const text = writtenAnswer(answer)
  if (variance.names.length === 0) {
    await shelf.put(keyOf(answer), text, ttl)
    return true
  }
  const prefix = await prefixFor(shelf, answer, variance.names)
  const latest = keyOfVariant(prefix, variance)
  await shelf.put(latest, text, ttl)
  await shelf.put(keyOf(answer), writtenFork({ names: variance.names, prefix, latest }), ttl)
  return true
}

async function prefixFor(shelf: Shelf, spot: Spot, names: readonly string[]): Promise<string> {
  const before = await read(shelf, keyOf(spot), spot)
  const isSame = before !== undefined && 'fork' in before && isSameList(before.fork, names)
  // With another prefix nobody finds what varied by something else.
  return isSame ? before.fork.prefix : `${keyOf(spot)}:${shelf.runtime.uuid()}`
}

async function read({ kv }: Shelf, key: string, spot: Spot) {
  return readEntry(await kv.get(key), spot)
}

function isSameList(fork: WrittenFork, names: readonly string[]): boolean {
  return fork.names.join() === names.join()
}

function keyOfVariant(prefix: string, variance: Variance): string {
  return `${prefix}:${nameOf(variantKey('', variance))}`
}

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
  const put = async (key: string, value: string, ttl: number): Promise<void> => {
    replaced = key
    held.set(key, true, key.length + value.length)
    replaced = ''
    await kv.set(key, value, { ttl })
  }
  const read = async (key: string, spot: Spot) => readEntry(await kv.get(key), spot)

  const forkFor = async (spot: Spot, names: readonly string[]): Promise<string> => {
    const before = await read(keyOf(spot), spot)
    const isSame = before !== undefined && 'fork' in before && isSameList(before.fork, names)
    // With another prefix nobody finds what varied by something else.
    return isSame ? before.fork.prefix : `${keyOf(spot)}:${runtime.uuid()}`
  }
  const write = async (answer: KeptAnswer, variance: Variance): Promise<boolean> => {
    const ttl = answer.until - runtime.now()
    if (ttl <= 0) return false
    const text = writtenAnswer(answer)
    if (variance.names.length === 0) {
      await put(keyOf(answer), text, ttl)
      return true
    }
    const prefix = await forkFor(answer, variance.names)
    const latest = keyOfVariant(prefix, variance)
    await put(latest, text, ttl)
    await put(keyOf(answer), writtenFork({ names: variance.names, prefix, latest }), ttl)
    return true
  }
  const find = async (spot: Spot, headers: HeaderView): Promise<KeptAnswer | undefined> => {
    const entry = await read(keyOf(spot), spot)
    if (entry === undefined || 'answer' in entry) return entry?.answer
    const { prefix, names } = entry.fork
    const variant = await read(keyOfVariant(prefix, { names, headers }), spot)
    return variant !== undefined && 'answer' in variant ? variant.answer : undefined
  }

  return {
    async find(spot, headers) {
      const kept = await ask(() => find(spot, headers))
      // Clocks of gateways differ: none gives what is over by its own.
      return kept !== undefined && kept.until > runtime.now() ? kept : undefined
    },
    keep: async (answer, variance) => (await ask(() => write(answer, variance))) === true,
    forget: (spot) => ask(() => kv.delete(keyOf(spot))),
  }
}

function isSameList(fork: WrittenFork, names: readonly string[]): boolean {
  return fork.names.join() === names.join()
}

function keyOfVariant(prefix: string, variance: Variance): string {
  return `${prefix}:${nameOf(variantKey('', variance))}`
}

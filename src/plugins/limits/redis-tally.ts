import type { Reply } from '../../lib/resp.ts'
import type { RedisClient } from '../../pdk/redis/redis-client.ts'
import { type Book, type Slot, slotsOf, type Tally } from './tally.ts'

/** Looks and counts in one step, so that exactly the limit passes whoever asks at the same time. */
const TAKE = `
local before, full = {}, false
for i, key in ipairs(KEYS) do
  local count = redis.call('GET', key) or '0'
  before[i] = count
  if tonumber(count) >= tonumber(ARGV[i]) then full = true end
end
if full then return before end
for i, key in ipairs(KEYS) do
  redis.call('INCR', key)
  if redis.call('PTTL', key) < 0 then redis.call('PEXPIRE', key, ARGV[#KEYS + i]) end
end
return before`

/** Adds to each counter and tells the sums. */
const ADD = `
local sums = {}
for i, key in ipairs(KEYS) do
  redis.call('INCRBYFLOAT', key, ARGV[i])
  sums[i] = redis.call('GET', key)
  if redis.call('PTTL', key) < 0 then redis.call('PEXPIRE', key, ARGV[#KEYS + i]) end
end
return sums`

/** Counts in Redis under Kong's keys, for all gateways that share it. */
export function redisTally(client: RedisClient, book: Book): Tally {
  return {
    async take(identifier, now) {
      const slots = slotsOf(book, identifier, now)
      const words = [...slots.map(({ limit }) => `${limit}`), ...lives(slots)]
      return numbersIn(await client.eval(TAKE, keysOf(slots), words))
    },
    read: (identifier, now) => readSlots(client, slotsOf(book, identifier, now)),
    async add(identifier, by, now) {
      await addToSlots(
        client,
        slotsOf(book, identifier, now).map((slot) => ({ ...slot, by })),
      )
    },
  }
}

/** What was counted so far. */
export async function readSlots(
  client: RedisClient,
  slots: readonly Pick<Slot, 'key'>[],
): Promise<number[]> {
  return numbersIn(await client.command('MGET', ...keysOf(slots)))
}

/** What to add to a counter. */
export interface Addition extends Pick<Slot, 'key' | 'ttl'> {
  readonly by: number
}

/** Adds, and gives the sums. */
export async function addToSlots(
  client: RedisClient,
  additions: readonly Addition[],
): Promise<number[]> {
  const words = [...additions.map(({ by }) => `${by}`), ...lives(additions)]
  return numbersIn(await client.eval(ADD, keysOf(additions), words))
}

function keysOf(slots: readonly Pick<Slot, 'key'>[]): string[] {
  return slots.map(({ key }) => key)
}

function lives(slots: readonly Pick<Slot, 'ttl'>[]): string[] {
  return slots.map(({ ttl }) => `${Math.ceil(ttl)}`)
}

function numbersIn(reply: Reply): number[] {
  if (!Array.isArray(reply)) throw new Error('Redis gave no list of counts')
  return reply.map((count) => (count === null ? 0 : Number(count)))
}

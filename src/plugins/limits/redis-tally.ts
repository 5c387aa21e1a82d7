import { isRespError, type Reply } from '../../lib/resp.ts'
import type { RedisClient, RedisCommand } from '../../pdk/redis/redis-client.ts'
import { RedisError } from '../../pdk/redis/redis-error.ts'
import { type Book, isFull, type Slot, slotsOf, type Tally } from './tally.ts'

/**
 * Looks and counts in one step, so that exactly the limit passes whoever asks at the same time. Of
 * commands there are Kong's alone: a user of Redis may be allowed no more.
 */
const TAKE = `
local before, full = {}, false
for i, key in ipairs(KEYS) do
  local count = redis.call('GET', key) or '0'
  before[i] = count
  if tonumber(count) >= tonumber(ARGV[i]) then full = true end
end
if full then return before end
for i, key in ipairs(KEYS) do
  local sum = redis.call('INCRBY', key, 1)
  if sum == 1 then redis.call('EXPIRE', key, ARGV[#KEYS + i]) end
end
return before`

/** Counts in Redis under Kong's keys, for all gateways that share it. */
export function redisTally(client: RedisClient, book: Book): Tally {
  let mayRun = true
  return {
    async take(identifier, now) {
      const slots = slotsOf(book, identifier, now)
      if (!mayRun) return takeApart(client, book, slots)
      try {
        const words = [
          ...slots.map(({ limit }) => `${limit}`),
          ...slots.map(({ ttl }) => secondsOf(ttl)),
        ]
        return numbersIn(await client.eval(TAKE, keysOf(slots), words))
      } catch (error) {
        if (!isForbidden(error)) throw error
        mayRun = false
        return takeApart(client, book, slots)
      }
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

/** A user of Redis may be allowed commands and no scripts. Redis words that in several ways. */
function isForbidden(error: unknown): boolean {
  return (
    error instanceof RedisError && /NOPERM|permission|can't run this command/.test(error.message)
  )
}

/** The same without a script: of several at once all but those within the limit are refused. */
async function takeApart(
  client: RedisClient,
  book: Book,
  slots: readonly Slot[],
): Promise<readonly number[]> {
  const before = await readSlots(client, slots)
  if (isFull(book, before)) return before
  const sums = await addToSlots(
    client,
    slots.map((slot) => ({ ...slot, by: 1 })),
  )
  return sums.map((sum) => sum - 1)
}

/** What was counted so far. Kong: GET alone, for a user of Redis may be allowed no more. */
export async function readSlots(
  client: RedisClient,
  slots: readonly Pick<Slot, 'key'>[],
): Promise<number[]> {
  return numbersIn(await client.pipeline(slots.map(({ key }) => ['GET', key])))
}

/** What to add to a counter. */
export interface Addition extends Pick<Slot, 'key' | 'ttl'> {
  readonly by: number
}

/**
 * Adds, and gives the sums. Each time says anew when the counter ends, which is the same moment.
 * Kong: INCRBY and EXPIRE alone; only fractions, which Kong cannot count, take INCRBYFLOAT.
 */
export async function addToSlots(
  client: RedisClient,
  additions: readonly Addition[],
): Promise<number[]> {
  const replies = await client.pipeline(additions.flatMap(whole))
  const sums = replies.filter((_, i) => i % 2 === 0)
  const again = additions.filter((_, i) => isFraction(sums[i]))
  if (again.length === 0) return numbersIn(replies).filter((_, i) => i % 2 === 0)
  const raised = await client.pipeline(
    again.map(({ key, by }): RedisCommand => ['INCRBYFLOAT', key, `${by}`]),
  )
  const left = raised[Symbol.iterator]()
  return numbersIn(sums.map((sum) => (isFraction(sum) ? (left.next().value ?? null) : sum)))
}

function whole({ key, by, ttl }: Addition): RedisCommand[] {
  const name = Number.isInteger(by) ? 'INCRBY' : 'INCRBYFLOAT'
  return [
    [name, key, `${by}`],
    ['EXPIRE', key, secondsOf(ttl)],
  ]
}

/** Whether a counter holds more than whole numbers, and so takes no INCRBY. */
function isFraction(reply: Reply | undefined): boolean {
  return reply !== undefined && isRespError(reply) && reply.error.includes('not an integer')
}

function keysOf(slots: readonly Pick<Slot, 'key'>[]): string[] {
  return slots.map(({ key }) => key)
}

function secondsOf(milliseconds: number): string {
  return `${Math.ceil(milliseconds / 1000)}`
}

function numbersIn(reply: Reply): number[] {
  if (!Array.isArray(reply)) throw new Error('Redis gave no list of counts')
  return reply.map((count) => {
    if (isRespError(count)) throw new Error(`Redis refused: ${count.error}`)
    return count === null ? 0 : Number(count)
  })
}

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createMemoryKV } from '../../../adapters/memory/kv.ts'
import { kvTally } from './kv-tally.ts'
import { isFull } from './tally.ts'

const NOW = 1_700_000_000_000

it('lets no more pass than each limit says, in whatever order the store answers', async () => {
  const limits = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  await fc.assert(
    fc.asyncProperty(limits, fc.nat(20), fc.scheduler(), async ([short, more], clients, s) => {
      const kv = createMemoryKV({ now: () => NOW })
      const slow = { ...kv, increment: s.scheduleFunction(kv.increment) }
      const book = {
        key: 'k',
        name: '',
        limits: [
          { period: 'minute', limit: short },
          { period: 'hour', limit: short + more },
        ],
      } as const
      const all = Array.from({ length: clients }, () => kvTally(slow, book).take('a', NOW))
      await s.waitFor(Promise.all(all))
      const passed = (await Promise.all(all)).filter((before) => !isFull(book, before)).length
      expect(passed).toBeLessThanOrEqual(short)
      expect(await kvTally(kv, book).read('a', NOW)).toEqual([passed, passed])
    }),
  )
})

it('counts each book, identifier and window apart', async () => {
  const kv = createMemoryKV({ now: () => NOW })
  const limits = [{ period: 'minute', limit: 9 }] as const
  const tally = kvTally(kv, { key: 'k', name: 'one', limits })
  await tally.add('a', 2, NOW)
  expect(await tally.read('a', NOW)).toEqual([2])
  expect(await tally.read('b', NOW)).toEqual([0])
  expect(await tally.read('a', NOW + 40_000)).toEqual([0])
  expect(await kvTally(kv, { key: 'k', name: 'two', limits }).read('a', NOW)).toEqual([0])
})

import { expect, it } from 'vitest'
import { fakeRuntime } from '../../../test/proxy/fakes.ts'
import type { RedisClient } from '../../pdk/redis/redis-client.ts'
import { createSyncedCounters, syncedTally } from './synced-tally.ts'

/** A Redis of sums, and timers that ring when the test says. */
function rig(rate = 1000) {
  const runtime = fakeRuntime()
  const sums = new Map<string, number>()
  const state = { down: false, asked: 0 }
  const timers: (() => void)[] = []
  const client: RedisClient = {
    command: async () => null,
    async pipeline(commands) {
      if (state.down) throw new Error('down')
      if (commands.some(([name]) => name === 'GET')) state.asked++
      return commands.map(([name, word, by]) => {
        const key = String(word)
        if (name === 'INCRBY') sums.set(key, (sums.get(key) ?? 0) + Number(by))
        return name === 'EXPIRE' ? 1 : `${sums.get(key) ?? 0}`
      })
    },
    eval: async () => null,
  }
  const after = (_: number, run: () => void) => {
    timers.push(run)
    return () => void timers.splice(timers.indexOf(run), 1)
  }
  const counters = createSyncedCounters({ client, rate, kit: { after, runtime } })
  const limits = [{ period: 'hour', limit: 5 }] as const
  const tally = syncedTally(counters, { key: 'k', name: '', limits })
  const take = () => tally.take('a', runtime.now())
  const ring = async () => {
    for (const run of timers.splice(0)) run()
    await new Promise((resolve) => setTimeout(resolve))
  }
  return { runtime, sums, state, timers, tally, take, ring }
}

it('asks Redis first, counts by itself then, and tells it when the time has come', async () => {
  const { sums, timers, take, ring } = rig()
  sums.set('k:a:1699999200000:hour', 2)
  expect(await take()).toEqual([2])
  expect(take()).toEqual([3])
  expect(timers).toHaveLength(1)
  await ring()
  expect([...sums.values()]).toEqual([4])
  expect([take(), take(), take()]).toEqual([[4], [5], [5]])
})

it('asks anew when it has not heard of Redis for long', async () => {
  const { runtime, sums, state, take } = rig()
  await take()
  runtime.time += 2001
  sums.set('k:a:1699999200000:hour', 4)
  expect(await take()).toEqual([5])
  expect(state.asked).toBe(2)
})

it('loses nothing while Redis is away', async () => {
  const { runtime, sums, state, take, tally, ring } = rig()
  await take()
  state.down = true
  await ring()
  expect(runtime.lines).toContain('error: Cannot tell Redis what was counted')
  take()
  state.down = false
  await tally.close?.()
  expect([...sums.values()]).toEqual([2])
})

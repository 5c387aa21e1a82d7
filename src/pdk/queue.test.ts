import { describe, expect, it } from 'vitest'
import { createQueue, type Queue, type QueueConfig } from './queue.ts'

const CONFIG: QueueConfig = {
  max_batch_size: 1,
  max_coalescing_delay: 1,
  max_entries: 10_000,
  max_bytes: null,
  max_retry_time: 60,
  initial_retry_delay: 0.01,
  max_retry_delay: 60,
  concurrency_limit: 1,
}

interface Timer {
  readonly at: number
  readonly run: () => void
}

/** A queue whose clock and server the test moves. */
function rig(chosen: Partial<QueueConfig>, send: (batch: readonly string[]) => Promise<void>) {
  let time = 0
  const timers = new Set<Timer>()
  const lines: string[] = []
  const log = (level: string, line: string) => void lines.push(`${level}: ${line}`)
  const settle = async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve()
  }
  const queue: Queue<string> = createQueue({
    name: 'test',
    config: { ...CONFIG, ...chosen },
    send,
    runtime: { now: () => time, log, background() {} },
    after(milliseconds, run) {
      const timer = { at: time + milliseconds, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
  })
  return {
    queue,
    lines,
    settle,
    async pass(milliseconds: number) {
      const end = time + milliseconds
      for (;;) {
        await settle()
        const next = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
        if (next === undefined) break
        time = next.at
        timers.delete(next)
        next.run()
      }
      time = end
      await settle()
    },
  }
}

const sentTo = (batches: (readonly string[])[]) => async (batch: readonly string[]) => {
  batches.push(batch)
}

describe('gathering', () => {
  it('sends single entries at once', async () => {
    const batches: (readonly string[])[] = []
    const { queue, settle } = rig({}, sentTo(batches))
    queue.add('a')
    queue.add('b')
    await settle()
    expect(batches).toEqual([['a'], ['b']])
  })

  it('waits for a batch to fill, and no longer than the delay', async () => {
    const batches: (readonly string[])[] = []
    const { queue, pass, settle } = rig({ max_batch_size: 3 }, sentTo(batches))
    queue.add('a')
    await pass(999)
    expect(batches).toEqual([])
    await pass(1)
    expect(batches).toEqual([['a']])
    for (const entry of ['b', 'c', 'd', 'e']) queue.add(entry)
    await settle()
    expect(batches).toEqual([['a'], ['b', 'c', 'd']])
    await pass(1000)
    expect(batches).toEqual([['a'], ['b', 'c', 'd'], ['e']])
  })

  it('sends what is left when it is closed', async () => {
    const batches: (readonly string[])[] = []
    const { queue } = rig({ max_batch_size: 10 }, sentTo(batches))
    queue.add('a')
    await queue.close('over')
    expect(batches).toEqual([['a']])
  })
})

describe('a server that fails', () => {
  it('is tried again later and later', async () => {
    const at: number[] = []
    let time = 0
    const { queue, pass } = rig({ initial_retry_delay: 1, max_retry_delay: 3 }, async () => {
      at.push(time)
      if (at.length < 5) throw new Error('away')
    })
    queue.add('a')
    for (; time < 20_000; time += 500) await pass(500)
    expect(at.map((one) => one / 1000)).toEqual([0, 0.5, 2.5, 5.5, 8.5])
    expect(queue.dropped).toBe(0)
  })

  // Kong looks at the clock before it pauses, so the last try comes after the time.
  it('is given up after the first try behind the time for it, which is told', async () => {
    const at: number[] = []
    let time = 0
    const limits = { max_retry_time: 5, initial_retry_delay: 1 }
    const { queue, pass, lines } = rig(limits, async () => {
      at.push(time)
      throw new Error('away')
    })
    queue.add('a')
    for (; time < 20_000; time += 500) await pass(500)
    expect(at).toEqual([0, 500, 2500, 6500])
    expect([queue.dropped, queue.waiting]).toEqual([1, 0])
    expect(lines).toEqual([
      ...Array.from({ length: 3 }, () => 'warn: handler could not process entries: away'),
      'error: could not send entries due to max_retry_time exceeded. 1 queue entries were lost',
    ])
  })

  it.each([
    { why: 'replaced', tries: 3, dropped: 0 },
    { why: 'over', tries: 2, dropped: 1 },
  ] as const)(
    'is tried $tries times where all is $why after the first',
    async ({ why, tries, dropped }) => {
      let tried = 0
      const { queue, pass } = rig({ initial_retry_delay: 5 }, async () => {
        tried++
        if (tried < 3) throw new Error('away')
      })
      queue.add('a')
      await pass(1)
      const closed = queue.close(why)
      await pass(60_000)
      await closed
      expect([tried, queue.dropped]).toEqual([tries, dropped])
    },
  )

  it('has but one more try when all is over while a replaced queue still tries', async () => {
    let tried = 0
    const { queue, pass } = rig({ initial_retry_delay: 5 }, async () => {
      tried++
      throw new Error('away')
    })
    queue.add('a')
    const first = queue.close('replaced')
    await pass(1)
    const second = queue.close('over')
    await pass(60_000)
    await Promise.all([first, second])
    expect([tried, queue.dropped]).toEqual([2, 1])
  })
})

describe('a full queue', () => {
  const never = () => new Promise<void>(() => {})

  it('loses the oldest entries', async () => {
    const { queue, settle, lines } = rig({ max_entries: 2 }, never)
    for (const entry of ['under way', 'a', 'b', 'c', 'd']) {
      queue.add(entry)
      await settle()
    }
    expect([queue.waiting, queue.dropped]).toEqual([2, 2])
    expect(lines).toEqual([
      'warn: queue at 80% capacity',
      'error: queue full, dropping old entries until processing is successful again',
    ])
  })

  it('tells of it when entries are taken again', async () => {
    let taken = () => {}
    const underWay = new Promise<void>((resolve) => {
      taken = resolve
    })
    const { queue, settle, lines } = rig({ max_entries: 1 }, () => underWay)
    for (const entry of ['under way', 'a', 'b']) {
      queue.add(entry)
      await settle()
    }
    taken()
    await settle()
    expect(lines.filter((line) => line.startsWith('info'))).toEqual([
      'info: queue resumed processing',
    ])
  })

  it('is bounded by bytes too', async () => {
    const { queue, settle, lines } = rig({ max_bytes: 10 }, never)
    queue.add('under way', 1)
    await settle()
    queue.add('a', 6)
    queue.add('b', 6)
    expect([queue.waiting, queue.dropped]).toEqual([1, 1])
    queue.add('too long', 11)
    expect([queue.waiting, queue.dropped]).toEqual([1, 2])
    expect(lines).toEqual([
      'error: byte capacity exceeded, 1 queue entries were dropped',
      "error: string to be queued is longer (11 bytes) than the queue's max_bytes (10 bytes)",
    ])
  })
})

it('has one batch under way at a time, or as many as there are', async () => {
  for (const [limit, expected] of [
    [1, 1],
    [-1, 3],
  ] as const) {
    let under = 0
    const { queue, settle } = rig({ concurrency_limit: limit }, () => {
      under++
      return new Promise(() => {})
    })
    for (const entry of ['a', 'b', 'c']) queue.add(entry)
    await settle()
    expect(under).toBe(expected)
  }
})

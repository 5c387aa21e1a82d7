import type { Runtime } from '../ports/runtime.ts'
import type { Kit } from './kit.ts'

/** How a queue gathers, keeps and tries again; Kong's `queue` record, times in seconds. */
export interface QueueConfig {
  readonly max_batch_size: number | null
  readonly max_coalescing_delay: number | null
  readonly max_entries: number | null
  readonly max_bytes: number | null
  readonly max_retry_time: number | null
  readonly initial_retry_delay: number | null
  readonly max_retry_delay: number | null
  /** How many batches may be under way: 1, or -1 for any number. */
  readonly concurrency_limit: number | null
}

/** Entries on their way to a log server, out of the requests' way. */
export interface Queue<E> {
  /** Never waits and never throws; `bytes` counts where the queue is bounded by them. */
  add(entry: E, bytes?: number): void
  /** Sends what is left, once, and resolves when that is over. */
  close(): Promise<void>
  /** How many wait, and how many were given up since it was made. */
  readonly waiting: number
  readonly dropped: number
}

/** What a queue is made of. */
export interface QueueOptions<E> {
  /** Names it in the log. */
  readonly name: string
  readonly config: QueueConfig
  /** Delivers a batch; a rejection is tried again. */
  readonly send: (batch: readonly E[]) => Promise<void>
  readonly runtime: Pick<Runtime, 'now' | 'log' | 'background'>
  readonly after: Kit['after']
}

interface Waiting<E> {
  readonly entry: E
  readonly bytes: number
}

/** Makes a queue that is empty. Kong: when it is full the oldest entries go. */
export function createQueue<E>(options: QueueOptions<E>): Queue<E> {
  const { name, runtime, after } = options
  const limits = limitsOf(options.config)
  const waiting: Waiting<E>[] = []
  const complain = createComplaint(options)
  let bytes = 0
  let dropped = 0
  let running = 0
  let closed = false
  let wake: (() => void) | undefined

  const drop = (count: number): void => {
    dropped += count
    complain(count)
  }
  const take = (count: number): E[] => {
    const batch = waiting.splice(0, count)
    for (const one of batch) bytes -= one.bytes
    return batch.map(({ entry }) => entry)
  }
  const makeRoom = (size: number): void => {
    const before = waiting.length
    while (waiting.length >= limits.entries) take(1)
    while (bytes + size > limits.bytes && waiting.length > 0) take(1)
    if (waiting.length < before) drop(before - waiting.length)
  }
  const pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = after(milliseconds, resolve)
      wake = () => {
        cancel()
        resolve()
      }
    })
  /** Waits until a batch is full or has waited long enough. */
  const gather = async (): Promise<void> => {
    const until = runtime.now() + limits.delay
    while (waiting.length < limits.batch && !closed) {
      const left = until - runtime.now()
      if (left <= 0) return
      await pause(left)
      wake = undefined
    }
  }
  const deliver = async (batch: readonly E[]): Promise<void> => {
    const until = runtime.now() + limits.retryTime
    for (let delay = limits.firstRetry; ; delay = Math.min(delay * 2, limits.longestRetry)) {
      try {
        return await options.send(batch)
      } catch (error) {
        // Kong looks at the clock before the pause, not behind it: one try comes after the time.
        const over = closed || runtime.now() >= until
        runtime.log(over ? 'error' : 'warn', 'Cannot deliver log entries', { queue: name, error })
        if (over) return drop(batch.length)
        await pause(delay)
        wake = undefined
      }
    }
  }
  const run = async (): Promise<void> => {
    running++
    try {
      while (waiting.length > 0) {
        await gather()
        const batch = take(limits.batch)
        if (batch.length > 0) await deliver(batch)
      }
    } finally {
      running--
    }
  }
  let work: Promise<unknown> = Promise.resolve()
  const start = (): void => {
    const mine = run()
    work = Promise.all([work, mine])
    runtime.background(mine)
  }

  return {
    get waiting() {
      return waiting.length
    },
    get dropped() {
      return dropped
    },
    add(entry, size = 0) {
      if (size > limits.bytes) return drop(1)
      makeRoom(size)
      waiting.push({ entry, bytes: size })
      bytes += size
      if (running === 0 || limits.parallel) start()
      else if (waiting.length >= limits.batch) wake?.()
    },
    async close() {
      closed = true
      wake?.()
      await work
    },
  }
}

interface Limits {
  readonly batch: number
  /** Milliseconds, as all times here. */
  readonly delay: number
  readonly entries: number
  readonly bytes: number
  readonly retryTime: number
  readonly firstRetry: number
  readonly longestRetry: number
  readonly parallel: boolean
}

/** Kong's defaults stand for what was nulled. */
function limitsOf(config: QueueConfig): Limits {
  return {
    batch: config.max_batch_size ?? 1,
    delay: (config.max_batch_size ?? 1) === 1 ? 0 : (config.max_coalescing_delay ?? 1) * 1000,
    entries: config.max_entries ?? 10_000,
    bytes: config.max_bytes ?? Number.POSITIVE_INFINITY,
    retryTime: (config.max_retry_time ?? 60) * 1000,
    firstRetry: Math.max(1, (config.initial_retry_delay ?? 0.01) * 1000),
    longestRetry: (config.max_retry_delay ?? 60) * 1000,
    parallel: config.concurrency_limit === -1,
  }
}

const SILENCE = 10_000

/** Tells in the log how many entries were given up, once in a while. */
function createComplaint({ name, runtime }: Pick<QueueOptions<never>, 'name' | 'runtime'>) {
  let silentUntil = 0
  let lost = 0
  return (count: number): void => {
    lost += count
    if (runtime.now() < silentUntil) return
    silentUntil = runtime.now() + SILENCE
    runtime.log('error', 'Dropping log entries', { queue: name, dropped: lost })
    lost = 0
  }
}

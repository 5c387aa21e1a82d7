import type { Runtime } from '../ports/runtime.ts'
import { type Backlog, createBacklog, type Room } from './backlog.ts'
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

/** A queue at work. */
interface Working<E> extends QueueOptions<E> {
  readonly limits: Limits
  readonly backlog: Backlog<E>
  readonly sleep: Sleep
  /** How many batches are gathered or under way. */
  running: number
  closed: boolean
}

/** Makes a queue that is empty. Kong: when it is full the oldest entries go. */
export function createQueue<E>(options: QueueOptions<E>): Queue<E> {
  const limits = limitsOf(options.config)
  const backlog = createBacklog<E>(limits, createComplaint(options))
  const sleep = createSleep(options.after)
  const working: Working<E> = { ...options, limits, backlog, sleep, running: 0, closed: false }
  let work: Promise<unknown> = Promise.resolve()
  const start = (): void => {
    const mine = run(working)
    work = Promise.all([work, mine])
    options.runtime.background(mine)
  }

  return {
    get waiting() {
      return backlog.length
    },
    get dropped() {
      return backlog.dropped
    },
    add(entry, size = 0) {
      if (!backlog.add(entry, size)) return
      if (working.running === 0 || limits.parallel) start()
      else if (backlog.length >= limits.batch) sleep.wake()
    },
    async close() {
      working.closed = true
      sleep.wake()
      await work
    },
  }
}

/** Sends batches until nothing waits. */
async function run<E>(working: Working<E>): Promise<void> {
  const { backlog, limits } = working
  working.running++
  try {
    while (backlog.length > 0) {
      await gather(working)
      const batch = backlog.take(limits.batch)
      if (batch.length > 0) await deliver(working, batch)
    }
  } finally {
    working.running--
  }
}

/** Waits until a batch is full or has waited long enough. */
async function gather<E>(working: Working<E>): Promise<void> {
  const { runtime, limits, backlog, sleep } = working
  const until = runtime.now() + limits.delay
  while (backlog.length < limits.batch && !working.closed) {
    const left = until - runtime.now()
    if (left <= 0) return
    await sleep.pause(left)
  }
}

/** Sends a batch, again and again until it is taken or the time for it is over. */
async function deliver<E>(working: Working<E>, batch: readonly E[]): Promise<void> {
  const { name, runtime, limits, backlog, sleep } = working
  const until = runtime.now() + limits.retryTime
  for (let delay = limits.firstRetry; ; delay = Math.min(delay * 2, limits.longestRetry)) {
    try {
      return await working.send(batch)
    } catch (error) {
      // Kong looks at the clock before the pause, not behind it: one try comes after the time.
      const over = working.closed || runtime.now() >= until
      runtime.log(over ? 'error' : 'warn', 'Cannot deliver log entries', { queue: name, error })
      if (over) return backlog.drop(batch.length)
      await sleep.pause(delay)
    }
  }
}

/** A pause that can be cut short; of several at once the latest. */
interface Sleep {
  pause(milliseconds: number): Promise<void>
  wake(): void
}

function createSleep(after: Kit['after']): Sleep {
  let end: (() => void) | undefined
  return {
    async pause(milliseconds) {
      await new Promise<void>((resolve) => {
        const cancel = after(milliseconds, resolve)
        end = () => {
          cancel()
          resolve()
        }
      })
      end = undefined
    },
    wake: () => end?.(),
  }
}

interface Limits extends Room {
  readonly batch: number
  /** Milliseconds, as all times here. */
  readonly delay: number
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

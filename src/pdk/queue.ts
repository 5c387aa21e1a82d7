import type { Runtime } from '../ports/runtime.ts'
import { type Backlog, createBacklog, type Room } from './backlog.ts'
import type { Closing } from './hooks.ts'
import type { Kit } from './kit.ts'
import { createQueueLog, type QueueLog } from './queue-log.ts'

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
  /** Sends what is left at once, and resolves when that is done: tried again as ever, but once alone when all is over. */
  close(why: Closing): Promise<void>
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
  readonly log: QueueLog
  readonly sleep: Sleep
  /** How many batches are gathered or under way. */
  running: number
  closed: Closing | undefined
}

/** Makes a queue that is empty. Kong: when it is full the oldest entries go. */
export function createQueue<E>(options: QueueOptions<E>): Queue<E> {
  const limits = limitsOf(options.config)
  const log = createQueueLog(options, limits)
  const backlog = createBacklog<E>(limits, log)
  const sleep = createSleep(options.after)
  const state = { running: 0, closed: undefined }
  const working: Working<E> = { ...options, ...state, limits, backlog, log, sleep }
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
    async close(why) {
      working.closed = why
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
  while (backlog.length < limits.batch && working.closed === undefined) {
    const left = until - runtime.now()
    if (left <= 0) return
    await sleep.pause(left)
  }
}

/** Sends a batch, again and again until it is taken or the time for it is over. */
async function deliver<E>(working: Working<E>, batch: readonly E[]): Promise<void> {
  const { runtime, limits, backlog, log, sleep } = working
  const until = runtime.now() + limits.retryTime
  for (let delay = limits.firstRetry; ; delay = Math.min(delay * 2, limits.longestRetry)) {
    try {
      await working.send(batch)
      return log.sent()
    } catch (error) {
      // Kong looks at the clock before the pause, not behind it: one try comes after the time.
      if (working.closed === 'over' || runtime.now() >= until) {
        log.lost(batch.length, error)
        return backlog.drop(batch.length)
      }
      log.failed(error)
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

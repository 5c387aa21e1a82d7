import { messageOf } from '../lib/message-of.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { BacklogNotes, Room } from './backlog.ts'

/** What the log is told of a queue. */
export interface QueueLog extends BacklogNotes {
  /** A batch was not taken, and is tried again. */
  failed(error: unknown): void
  /** A batch is given up. */
  lost(entries: number, error: unknown): void
  /** A batch was taken. */
  sent(): void
}

/** Who tells, and where. */
interface Telling {
  readonly name: string
  readonly runtime: Pick<Runtime, 'now' | 'log'>
}

/** Milliseconds in which the same is told once, with the sum. */
const SILENCE = 10_000
/** Kong: the part of the entries from which on it warns. */
const NEARLY_FULL = 0.8

/** Tells in Kong's words: operators look for them. */
export function createQueueLog({ name, runtime }: Telling, room: Room): QueueLog {
  const queue = name
  const full = createTally(runtime)
  const bytes = createTally(runtime)
  const long = createTally(runtime)
  let warned = false
  let dropping = false
  return {
    adding(waiting) {
      const nearly = waiting >= room.entries * NEARLY_FULL
      if (nearly && !warned) runtime.log('warn', 'queue at 80% capacity', { queue })
      warned = nearly
    },
    full(count) {
      dropping = true
      full(count, (dropped) => runtime.log('error', FULL, { queue, dropped }))
    },
    tooManyBytes(count) {
      dropping = true
      bytes(count, (dropped) => {
        const text = `byte capacity exceeded, ${dropped} queue entries were dropped`
        runtime.log('error', text, { queue })
      })
    },
    tooLong(size) {
      const text = `string to be queued is longer (${size} bytes) than the queue's max_bytes (${room.bytes} bytes)`
      long(1, (dropped) => runtime.log('error', text, { queue, dropped }))
    },
    failed(error) {
      const text = `handler could not process entries: ${messageOf(error)}`
      runtime.log('warn', text, { queue })
    },
    lost(entries, error) {
      const text = `could not send entries due to max_retry_time exceeded. ${entries} queue entries were lost`
      runtime.log('error', text, { queue, error })
    },
    sent() {
      if (dropping) runtime.log('info', 'queue resumed processing', { queue })
      dropping = false
    },
  }
}

const FULL = 'queue full, dropping old entries until processing is successful again'

/** Adds up, and lets the sum be told once in a while: not every request may write a line. */
function createTally({ now }: Pick<Runtime, 'now'>) {
  let silentUntil = 0
  let sum = 0
  return (count: number, tell: (sum: number) => void): void => {
    sum += count
    if (now() < silentUntil) return
    silentUntil = now() + SILENCE
    tell(sum)
    sum = 0
  }
}

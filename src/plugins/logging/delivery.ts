import type { Kit } from '../../pdk/kit.ts'
import { createQueue, type Queue, type QueueConfig } from '../../pdk/queue.ts'

/** What a plugin's configuration says of its queue, in the words of today and of before. */
export interface QueueFields {
  readonly queue: QueueConfig
  readonly queue_size?: number | null
  readonly flush_timeout?: number | null
  readonly batch_span_count?: number | null
  readonly batch_flush_delay?: number | null
}

/** Kong: an older field counts where it is set to anything but its old default. */
export function queueConfigOf(fields: QueueFields): QueueConfig {
  const { queue, queue_size, flush_timeout, batch_span_count, batch_flush_delay } = fields
  const size = other(batch_span_count, 200) ?? other(queue_size, 1) ?? queue.max_batch_size
  const delay = other(batch_flush_delay, 3) ?? other(flush_timeout, 2) ?? queue.max_coalescing_delay
  return { ...queue, max_batch_size: size, max_coalescing_delay: delay }
}

function other(value: number | null | undefined, old: number): number | undefined {
  return value === null || value === undefined || value === old ? undefined : value
}

/** Where a queue sends to. */
export interface Delivery<E> {
  readonly config: QueueConfig
  /** A rejection is tried again, as the configuration says. */
  readonly send: (batch: readonly E[]) => Promise<void>
}

/**
 * The same, and what still waits when a configuration is replaced goes as the next one says. Kong:
 * the newest configuration counts for all that is in a queue. `part` tells several of a plugin apart.
 */
export function latestQueueFor<E>(kit: Kit, { config, send, part = '' }: Part<E>): Queue<E> {
  const { plugin, keep } = kit
  const key = `${plugin.id} ${part}`
  // All that one plugin queues is of one kind.
  const latest = keep(`${plugin.name}:latest`, () => new Map<string, Delivery<E>['send']>())
  latest.set(key, send)
  let way = send
  const queue = queueFor<E>(kit, { config, send: (batch) => way(batch) })
  return {
    get waiting() {
      return queue.waiting
    },
    get dropped() {
      return queue.dropped
    },
    add: queue.add,
    async close(why) {
      way = (batch) => (latest.get(key) ?? send)(batch)
      await queue.close(why)
      if (latest.get(key) === send) latest.delete(key)
    },
  }
}

interface Part<E> extends Delivery<E> {
  readonly part?: string
}

/** A queue of a plugin's own, named for it in the log. */
export function queueFor<E>(kit: Kit, { config, send }: Delivery<E>): Queue<E> {
  const { runtime, after, plugin } = kit
  return createQueue({ name: `${plugin.name} ${plugin.id}`, config, send, runtime, after })
}

/** For plugins whose entries leave at once and are sent once: Kong has no queue there, and no bound. */
export const AT_ONCE: QueueConfig = {
  max_batch_size: 100,
  max_coalescing_delay: 0,
  max_entries: 10_000,
  max_bytes: 16 * 2 ** 20,
  max_retry_time: 0,
  initial_retry_delay: null,
  max_retry_delay: null,
  concurrency_limit: 1,
}

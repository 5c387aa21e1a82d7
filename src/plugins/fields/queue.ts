import { deprecated } from './deprecated.ts'

/** What plugins that send in batches keep until it is sent. */
export const queue = {
  type: 'record',
  required: true,
  fields: {
    max_batch_size: { type: 'integer', default: 1, between: [1, 1000000] },
    max_coalescing_delay: { type: 'number', default: 1, between: [0, 3600] },
    max_entries: { type: 'integer', default: 10000, between: [1, 1000000] },
    max_bytes: { type: 'integer' },
    max_retry_time: { type: 'number', default: 60 },
    initial_retry_delay: { type: 'number', default: 0.01, between: [0.001, 1000000] },
    max_retry_delay: { type: 'number', default: 60, between: [0.001, 1000000] },
    concurrency_limit: { type: 'integer', default: 1, one_of: [-1, 1] },
  },
} as const

/** How a plugin was told the same before there was `queue`. */
export function legacyQueueFields(plugin: string) {
  return {
    retry_count: {
      type: 'integer',
      deprecation: deprecated(plugin, {
        said: 'config.retry_count no longer works, please use config.queue.max_retry_time instead',
        old_default: 10,
      }),
    },
    queue_size: {
      type: 'integer',
      deprecation: deprecated(plugin, {
        said: 'config.queue_size is deprecated, please use config.queue.max_batch_size instead',
        old_default: 1,
      }),
    },
    flush_timeout: {
      type: 'number',
      deprecation: deprecated(plugin, {
        said: 'config.flush_timeout is deprecated, please use config.queue.max_coalescing_delay instead',
        old_default: 2,
      }),
    },
  } as const
}

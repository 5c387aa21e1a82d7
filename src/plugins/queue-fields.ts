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

/** How the same was said before there was `queue`. */
export const legacyQueueFields = {
  retry_count: { type: 'integer', deprecation: { removal_in_version: '4.0', old_default: 10 } },
  queue_size: { type: 'integer', deprecation: { removal_in_version: '4.0', old_default: 1 } },
  flush_timeout: { type: 'number', deprecation: { removal_in_version: '4.0', old_default: 2 } },
} as const

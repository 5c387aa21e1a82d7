import { expect, it } from 'vitest'
import { AT_ONCE, queueConfigOf } from './delivery.ts'

it.each([
  { fields: {}, size: 100, delay: 0 },
  { fields: { queue_size: 1, flush_timeout: 2 }, size: 100, delay: 0 },
  { fields: { queue_size: 7, flush_timeout: 3 }, size: 7, delay: 3 },
  { fields: { batch_span_count: 200, batch_flush_delay: 3 }, size: 100, delay: 0 },
  { fields: { batch_span_count: 9, batch_flush_delay: 5 }, size: 9, delay: 5 },
  { fields: { queue_size: null, flush_timeout: null }, size: 100, delay: 0 },
])('an older field counts unless it has its old default: $fields', ({ fields, size, delay }) => {
  expect(queueConfigOf({ queue: AT_ONCE, ...fields })).toEqual({
    ...AT_ONCE,
    max_batch_size: size,
    max_coalescing_delay: delay,
  })
})

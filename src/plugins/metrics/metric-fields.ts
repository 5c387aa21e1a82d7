import type { EntityCheck } from '../../schema/field.ts'

/** What tells a consumer from others in a metric. */
export const consumerIdentifier = {
  type: 'string',
  one_of: ['consumer_id', 'custom_id', 'username'],
} as const

/** What is counted can be sampled, and says how. */
export const metricChecks: readonly EntityCheck[] = [
  {
    conditional: {
      if_field: 'stat_type',
      if_match: { one_of: ['counter', 'gauge'] },
      then_field: 'sample_rate',
      then_match: { required: true },
    },
  },
]

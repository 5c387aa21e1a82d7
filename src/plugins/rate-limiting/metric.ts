import { defineEntity } from '../../schema/entity.ts'

const id = { type: 'string', required: true, uuid: true } as const

/** One counter as Kong's databases keep it; no rows are kept of it here. */
export const rateLimitingMetric = defineEntity({
  name: 'ratelimiting_metrics',
  ttl: true,
  schemaOnly: true,
  fields: {
    identifier: { type: 'string', required: true, len_min: 0 },
    period: { type: 'string', required: true },
    period_date: { type: 'integer', required: true, timestamp: true },
    service_id: id,
    route_id: id,
    value: { type: 'integer', required: true },
  },
})

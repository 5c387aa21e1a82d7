import { definePlugin } from '../pdk/plugin.ts'
import { anyProtocol } from './protocols.ts'

/** Counts what passes, for Prometheus to read. */
export const prometheus = definePlugin({
  name: 'prometheus',
  priority: 13,
  protocols: anyProtocol,
  config: {
    type: 'record',
    required: true,
    fields: {
      per_consumer: { type: 'boolean', default: false },
      status_code_metrics: { type: 'boolean', default: false },
      ai_metrics: { type: 'boolean', default: false },
      latency_metrics: { type: 'boolean', default: false },
      bandwidth_metrics: { type: 'boolean', default: false },
      upstream_health_metrics: { type: 'boolean', default: false },
    },
  },
})

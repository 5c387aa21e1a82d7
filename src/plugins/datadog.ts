import { port } from '../entities/fields.ts'
import { checkHost } from '../entities/texts.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { consumerIdentifier, metricChecks } from './metric-fields.ts'
import { anyProtocol } from './protocols.ts'
import { legacyQueueFields, queue } from './queue-fields.ts'

/** Sends metrics to a Datadog agent. */
export const datadog = definePlugin({
  name: 'datadog',
  priority: 10,
  protocols: anyProtocol,
  config: {
    type: 'record',
    required: true,
    fields: {
      host: { type: 'string', default: 'localhost', referenceable: true, check: checkHost },
      port: { ...port, default: 8125 },
      prefix: { type: 'string', default: 'kong' },
      service_name_tag: { type: 'string', default: 'name' },
      status_tag: { type: 'string', default: 'status' },
      consumer_tag: { type: 'string', default: 'consumer' },
      ...legacyQueueFields,
      queue,
      metrics: {
        type: 'array',
        required: true,
        default: [
          { ...timer('request_count'), stat_type: 'counter', sample_rate: 1 },
          timer('latency'),
          timer('request_size'),
          timer('response_size'),
          timer('upstream_latency'),
          timer('kong_latency'),
        ],
        elements: {
          type: 'record',
          fields: {
            name: {
              type: 'string',
              required: true,
              one_of: [
                'kong_latency',
                'latency',
                'request_count',
                'request_size',
                'response_size',
                'upstream_latency',
              ],
            },
            stat_type: {
              type: 'string',
              required: true,
              one_of: ['counter', 'gauge', 'histogram', 'meter', 'set', 'timer', 'distribution'],
            },
            tags: { type: 'array', elements: { type: 'string', match: '^.*[^:]$' } },
            sample_rate: { type: 'number', between: [0, 1] },
            consumer_identifier: consumerIdentifier,
          },
          entity_checks: metricChecks,
        },
      },
    },
  },
})

function timer(name: string) {
  return { stat_type: 'timer', name, consumer_identifier: 'custom_id', tags: ['app:kong'] }
}

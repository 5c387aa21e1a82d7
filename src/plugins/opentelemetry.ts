import { checkHeaderName } from '../entities/texts.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { timeout } from './fields.ts'
import { propagation } from './propagation-fields.ts'
import { queue } from './queue-fields.ts'
import { checkUrl } from './url.ts'

/** Reports spans and logs over OTLP. */
export const opentelemetry = definePlugin({
  name: 'opentelemetry',
  priority: 14,
  config: {
    type: 'record',
    required: true,
    shorthand_fields: {
      endpoint: {
        type: 'string',
        referenceable: true,
        deprecation: {
          message:
            'opentelemetry: config.endpoint is deprecated, please use config.traces_endpoint instead',
          removal_in_version: '4.0',
          replaced_with: [{ path: ['traces_endpoint'] }],
        },
      },
    },
    fields: {
      traces_endpoint: { type: 'string', referenceable: true, check: checkUrl },
      logs_endpoint: { type: 'string', referenceable: true, check: checkUrl },
      headers: {
        type: 'map',
        keys: { type: 'string', check: checkHeaderName },
        values: { type: 'string', referenceable: true },
      },
      resource_attributes: {
        type: 'map',
        keys: { type: 'string', required: true },
        values: { type: 'string', required: true },
      },
      queue: { ...queue, default: { max_batch_size: 200 } },
      batch_span_count: {
        type: 'integer',
        deprecation: { removal_in_version: '4.0', old_default: 200 },
      },
      batch_flush_delay: {
        type: 'integer',
        deprecation: { removal_in_version: '4.0', old_default: 3 },
      },
      connect_timeout: timeout(1000),
      send_timeout: timeout(5000),
      read_timeout: timeout(5000),
      http_response_header_for_traceid: { type: 'string' },
      header_type: {
        type: 'string',
        required: false,
        default: 'preserve',
        one_of: [
          'preserve',
          'ignore',
          'b3',
          'b3-single',
          'w3c',
          'jaeger',
          'ot',
          'aws',
          'gcp',
          'datadog',
          'instana',
        ],
        deprecation: { removal_in_version: '4.0', old_default: 'preserve' },
      },
      sampling_rate: { type: 'number', required: false, between: [0, 1] },
      propagation: propagation('w3c'),
    },
    entity_checks: [{ at_least_one_of: ['traces_endpoint', 'logs_endpoint'] }],
  },
})

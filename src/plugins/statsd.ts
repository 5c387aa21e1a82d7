import { port } from '../entities/fields.ts'
import { checkHost } from '../entities/texts.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { consumerIdentifier, metricChecks } from './metric-fields.ts'
import { anyProtocol } from './protocols.ts'
import { legacyQueueFields, queue } from './queue-fields.ts'

const serviceIdentifier = {
  type: 'string',
  one_of: ['service_id', 'service_name', 'service_host', 'service_name_or_host'],
} as const

const workspaceIdentifier = {
  type: 'string',
  one_of: ['workspace_id', 'workspace_name'],
} as const

/** Sends metrics to a StatsD server. */
export const statsd = definePlugin({
  name: 'statsd',
  priority: 11,
  protocols: anyProtocol,
  config: {
    type: 'record',
    required: true,
    fields: {
      host: { type: 'string', default: 'localhost', check: checkHost },
      port: { ...port, default: 8125 },
      prefix: { type: 'string', default: 'kong' },
      metrics: {
        type: 'array',
        default: [
          { stat_type: 'counter', name: 'request_count', sample_rate: 1 },
          { stat_type: 'timer', name: 'latency' },
          { stat_type: 'counter', name: 'request_size', sample_rate: 1 },
          { stat_type: 'counter', name: 'status_count', sample_rate: 1 },
          { stat_type: 'counter', name: 'response_size', sample_rate: 1 },
          { stat_type: 'set', name: 'unique_users' },
          { stat_type: 'counter', name: 'request_per_user', sample_rate: 1 },
          { stat_type: 'timer', name: 'upstream_latency' },
          { stat_type: 'timer', name: 'kong_latency' },
          { stat_type: 'counter', name: 'status_count_per_user', sample_rate: 1 },
          { stat_type: 'counter', name: 'status_count_per_workspace', sample_rate: 1 },
          { stat_type: 'counter', name: 'status_count_per_user_per_route', sample_rate: 1 },
          { stat_type: 'gauge', name: 'shdict_usage', sample_rate: 1 },
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
                'request_per_user',
                'request_size',
                'response_size',
                'status_count',
                'status_count_per_user',
                'unique_users',
                'upstream_latency',
                'status_count_per_workspace',
                'status_count_per_user_per_route',
                'shdict_usage',
              ],
            },
            stat_type: {
              type: 'string',
              required: true,
              one_of: ['counter', 'gauge', 'histogram', 'meter', 'set', 'timer'],
            },
            sample_rate: { type: 'number', gt: 0 },
            consumer_identifier: consumerIdentifier,
            service_identifier: serviceIdentifier,
            workspace_identifier: workspaceIdentifier,
          },
          entity_checks: metricChecks,
        },
      },
      allow_status_codes: { type: 'array', elements: { type: 'string', match: '^[0-9]+-[0-9]+$' } },
      udp_packet_size: { type: 'number', default: 0, between: [0, 65507] },
      use_tcp: { type: 'boolean', default: false },
      hostname_in_prefix: { type: 'boolean', default: false },
      consumer_identifier_default: { ...consumerIdentifier, required: true, default: 'custom_id' },
      service_identifier_default: {
        ...serviceIdentifier,
        required: true,
        default: 'service_name_or_host',
      },
      workspace_identifier_default: {
        ...workspaceIdentifier,
        required: true,
        default: 'workspace_id',
      },
      ...legacyQueueFields,
      tag_style: {
        type: 'string',
        required: false,
        one_of: ['dogstatsd', 'influxdb', 'librato', 'signalfx'],
      },
      queue,
    },
  },
})

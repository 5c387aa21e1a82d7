import { definePlugin } from '../pdk/plugin.ts'
import { timeout } from './fields.ts'
import { propagation } from './propagation-fields.ts'
import { anyProtocol } from './protocols.ts'
import { queue } from './queue-fields.ts'
import { checkUrl } from './url.ts'

/** Reports spans to a Zipkin collector. */
export const zipkin = definePlugin({
  name: 'zipkin',
  priority: 100000,
  protocols: anyProtocol,
  config: {
    type: 'record',
    required: true,
    fields: {
      local_service_name: { type: 'string', required: true, default: 'kong' },
      http_endpoint: { type: 'string', check: checkUrl },
      sample_ratio: { type: 'number', default: 0.001, between: [0, 1] },
      default_service_name: { type: 'string' },
      include_credential: { type: 'boolean', required: true, default: true },
      traceid_byte_count: { type: 'integer', required: true, default: 16, one_of: [8, 16] },
      header_type: {
        type: 'string',
        required: true,
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
          'datadog',
          'gcp',
          'instana',
        ],
        deprecation: { removal_in_version: '4.0', old_default: 'preserve' },
      },
      default_header_type: {
        type: 'string',
        required: true,
        default: 'b3',
        one_of: ['b3', 'b3-single', 'w3c', 'jaeger', 'ot', 'aws', 'datadog', 'gcp', 'instana'],
        deprecation: { removal_in_version: '4.0', old_default: 'b3' },
      },
      tags_header: { type: 'string', required: true, default: 'Zipkin-Tags' },
      static_tags: {
        type: 'array',
        check: checkTagsOnce,
        elements: {
          type: 'record',
          fields: {
            name: {
              type: 'string',
              required: true,
              not_one_of: [
                'error',
                'http.method',
                'http.path',
                'http.status_code',
                'kong.balancer.state',
                'kong.balancer.try',
                'kong.consumer',
                'kong.credential',
                'kong.node.id',
                'kong.route',
                'kong.service',
                'lc',
                'peer.hostname',
              ],
            },
            value: { type: 'string', required: true },
          },
        },
      },
      http_span_name: {
        type: 'string',
        required: true,
        default: 'method',
        one_of: ['method', 'method_path'],
      },
      connect_timeout: timeout(2000),
      send_timeout: timeout(5000),
      read_timeout: timeout(5000),
      http_response_header_for_traceid: { type: 'string' },
      phase_duration_flavor: {
        type: 'string',
        required: true,
        default: 'annotations',
        one_of: ['annotations', 'tags'],
      },
      queue,
      propagation: propagation('b3'),
    },
  },
})

function checkTagsOnce(tags: readonly { readonly name: string }[]): string | undefined {
  const names = tags.map(({ name }) => name)
  const repeated = names.find((name, i) => names.indexOf(name) < i)
  return repeated === undefined ? undefined : `repeated tags are not allowed: ${repeated}`
}

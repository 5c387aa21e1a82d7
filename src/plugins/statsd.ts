import { port } from '../entities/fields.ts'
import { checkHost } from '../entities/texts.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { anyProtocol } from './fields/protocols.ts'
import { legacyQueueFields, queue } from './fields/queue.ts'
import { latestQueueFor, queueConfigOf } from './logging/delivery.ts'
import { needsTcp, needsUdp } from './logging/needs-sockets.ts'
import { consumerIdentifier, metricChecks } from './metrics/metric-fields.ts'
import { type Measured, measureRequest, measureSession } from './metrics/record-stats.ts'
import { datagramSender, tcpSender } from './metrics/stat-sender.ts'
import { statsdLines } from './statsd/stats.ts'

const serviceIdentifier = {
  type: 'string',
  one_of: ['service_id', 'service_name', 'service_host', 'service_name_or_host'],
} as const

const workspaceIdentifier = {
  type: 'string',
  one_of: ['workspace_id', 'workspace_name'],
} as const

/** Sends metrics to a StatsD server. */
export const statsd = definePlugin(
  {
    name: 'statsd',
    priority: 11,
    protocols: anyProtocol,
    needs: ({ sockets }, { use_tcp }) => (use_tcp === true ? needsTcp(sockets) : needsUdp(sockets)),
    about: {
      summary: 'Sends counts and times of every request to a StatsD server.',
      example: { host: '127.0.0.1', port: 8125, udp_packet_size: 1400 },
      notes: [
        'A metric is called `kong.service.<service>.<metric>`; with `tag_style` it is `kong.<metric>`, and service, route, workspace, consumer, node and status are tags. A `sample_rate` is told to the server, as in Kong: every value is sent.',
        'With `udp_packet_size` lines share packets of so many bytes; each line has one of its own otherwise. `shdict_usage` sends nothing: there are no shared dictionaries.',
        'With one of `tcp`, `tls`, `tls_passthrough` and `udp` among `protocols` sessions of stream routes are told, too, when they have ended: `request_count`, `kong_latency`, `status_count` and `status_count_per_workspace`, under the names that requests have. Of the other metrics a session has no value.',
      ],
    },
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
        allow_status_codes: {
          type: 'array',
          elements: { type: 'string', match: '^[0-9]+-[0-9]+$' },
        },
        udp_packet_size: { type: 'number', default: 0, between: [0, 65507] },
        use_tcp: { type: 'boolean', default: false },
        hostname_in_prefix: { type: 'boolean', default: false },
        consumer_identifier_default: {
          ...consumerIdentifier,
          required: true,
          default: 'custom_id',
        },
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
        ...legacyQueueFields('statsd'),
        tag_style: {
          type: 'string',
          required: false,
          one_of: ['dogstatsd', 'influxdb', 'librato', 'signalfx'],
        },
        queue,
      },
    },
  },
  (config, kit) => {
    const { host, port } = config
    const server = {
      host: host ?? 'localhost',
      port: port ?? 8125,
      packetSize: config.udp_packet_size ?? 0,
    }
    const sender = config.use_tcp === true ? tcpSender(kit, server) : datagramSender(kit, server)
    if (sender === undefined) return {}
    const send = (batch: readonly (readonly string[])[]) => sender.send(batch.flat())
    const queue = latestQueueFor(kit, { config: queueConfigOf(config), send })
    const isTold = statusesIn(config.allow_status_codes)
    const hostname = kit.node?.hostname ?? 'localhost'
    const tell = (measured: Measured): void => {
      if (!isTold(measured.status)) return
      const lines = statsdLines(config, measured, hostname)
      queue.add(
        lines,
        lines.reduce((sum, { length }) => sum + length, 0),
      )
    }
    return {
      log: (exchange) => tell(measureRequest(exchange.record())),
      logSession: (session) => tell(measureSession(session.record())),
      async close(why) {
        await queue.close(why)
        sender.close()
      },
    }
  },
)

/** Whether a status is in one of the ranges, `200-299`; any is where there are none. */
function statusesIn(texts: readonly string[] | null): (status: number) => boolean {
  if (texts === null) return () => true
  const ranges = texts.map((text) => text.split('-').map(Number))
  return (status) => ranges.some(([from = 0, to = 0]) => status >= from && status <= to)
}

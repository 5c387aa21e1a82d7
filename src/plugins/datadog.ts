import { port } from '../entities/fields.ts'
import { checkHost } from '../entities/texts.ts'
import type { Kit } from '../pdk/kit.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { anyProtocol } from './fields/protocols.ts'
import { legacyQueueFields, queue } from './fields/queue.ts'
import { latestQueueFor, queueConfigOf } from './logging/delivery.ts'
import { needsUdp } from './logging/needs-sockets.ts'
import { consumerIdentifier, metricChecks } from './metrics/metric-fields.ts'
import {
  type ConsumerIdentifier,
  consumerOf,
  FIGURE_NAMES,
  type FigureName,
  figureOf,
  type Measured,
  measureRequest,
  measureSession,
  textOf,
  withoutDots,
} from './metrics/record-stats.ts'
import { type STAT_KINDS, statLine } from './metrics/stat-line.ts'
import { datagramSender } from './metrics/stat-sender.ts'

/** Sends metrics to a Datadog agent. */
export const datadog = definePlugin(
  {
    name: 'datadog',
    priority: 10,
    protocols: anyProtocol,
    needs: ({ sockets }) => needsUdp(sockets),
    about: {
      summary: 'Sends counts and times of every request to a Datadog agent.',
      example: { host: '127.0.0.1', port: 8125 },
      notes: [
        'A metric is called `kong.<metric>`; the service, the status, the consumer and the tags of the metric are its tags. The service of requests that reach none is empty. Every value has a datagram of its own.',
        'Where `host` or `port` is `null`, the environment says it: `KONG_DATADOG_AGENT_HOST`, `KONG_DATADOG_AGENT_PORT`.',
        'With one of `tcp`, `tls`, `tls_passthrough` and `udp` among `protocols` sessions of stream routes are told, too, when they have ended: `request_count` and `kong_latency`, with `-` for the status. Of the other metrics a session has no value.',
      ],
    },
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
        ...legacyQueueFields('datadog'),
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
  },
  (config, kit) => {
    const sender = datagramSender(kit, { ...agentOf(config, kit), packetSize: 0 })
    if (sender === undefined) return {}
    const send = (batch: readonly (readonly string[])[]) => sender.send(batch.flat())
    const queue = latestQueueFor(kit, { config: queueConfigOf(config), send })
    const tell = (measured: Measured, status: number | '-'): void => {
      const lines = datadogLines(config, measured, status)
      queue.add(
        lines,
        lines.reduce((sum, { length }) => sum + length, 0),
      )
    }
    return {
      log(exchange) {
        const measured = measureRequest(exchange.record())
        tell(measured, measured.status)
      },
      // Kong: a session has no answer whose status could be told.
      logSession: (session) => tell(measureSession(session.record()), '-'),
      close: (why) => queue.close(why),
    }
  },
)

/** Kong: what is `null` is for the environment of each node to say. */
function agentOf(
  { host, port }: { readonly host: string | null; readonly port: number | null },
  { runtime }: Kit,
): { readonly host: string; readonly port: number } {
  const told = (name: string) => runtime.environment?.(`KONG_DATADOG_AGENT_${name}`)
  const toldPort = /^\d{1,5}$/.exec(told('PORT') ?? '')?.[0]
  return {
    host: host ?? told('HOST') ?? 'localhost',
    port: port ?? (toldPort === undefined ? 8125 : Number(toldPort)),
  }
}

interface DatadogFields {
  readonly prefix: string | null
  readonly service_name_tag: string | null
  readonly status_tag: string | null
  readonly consumer_tag: string | null
  readonly metrics: readonly {
    readonly name: FigureName
    readonly stat_type: keyof typeof STAT_KINDS
    readonly tags: readonly string[] | null
    readonly sample_rate: number | null
    readonly consumer_identifier: ConsumerIdentifier | null
  }[]
}

/** The lines of a request or a session, in the metrics' order. */
function datadogLines(
  config: DatadogFields,
  measured: Measured,
  status: number | '-',
): readonly string[] {
  const { service } = measured
  const name = withoutDots(textOf(service, 'name') ?? textOf(service, 'host') ?? '')
  const common = [
    [config.service_name_tag ?? 'name', name],
    [config.status_tag ?? 'status', status],
  ] as const
  return config.metrics.flatMap((metric) => {
    const value = figureOf(measured, metric.name)
    if (value === undefined) return []
    const consumer = consumerTagOf(measured, metric.consumer_identifier)
    const tags = [
      ...common,
      ...(consumer === undefined ? [] : [[config.consumer_tag ?? 'consumer', consumer] as const]),
      ...(metric.tags ?? []).map((tag) => [tag]),
    ]
    const stat = `${config.prefix ?? 'kong'}.${FIGURE_NAMES[metric.name]}`
    const { stat_type: kind, sample_rate: sampleRate } = metric
    return [statLine({ name: stat, value, kind, sampleRate, tags }, 'dogstatsd')]
  })
}

/** Kong: an id has underscores there, what people chose stays as it is. */
function consumerTagOf(
  measured: Measured,
  identifier: ConsumerIdentifier | null,
): string | undefined {
  if (identifier === null) return undefined
  const consumer = consumerOf(measured, identifier)
  return identifier === 'consumer_id' ? consumer?.replaceAll('-', '_') : consumer
}

function timer(name: string) {
  return { stat_type: 'timer', name, consumer_identifier: 'custom_id', tags: ['app:kong'] }
}

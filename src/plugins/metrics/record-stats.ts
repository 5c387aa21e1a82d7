import type { LogRecord } from '../../pdk/log-record.ts'
import type { Row } from '../../schema/entity.ts'

/** Metrics that are one figure of a request each. */
export type FigureName =
  | 'kong_latency'
  | 'latency'
  | 'request_count'
  | 'request_size'
  | 'response_size'
  | 'upstream_latency'

/** What such a metric is called on the wire. */
export const FIGURE_NAMES: Readonly<Record<FigureName, string>> = {
  request_size: 'request.size',
  response_size: 'response.size',
  latency: 'latency',
  upstream_latency: 'upstream_latency',
  kong_latency: 'kong_latency',
  request_count: 'request.count',
}

/** A figure of a request; undefined for one that it does not have. */
export function figureOf(record: LogRecord, name: FigureName): number | undefined {
  const { request, response, latencies } = record
  const figures: Readonly<Record<FigureName, number>> = {
    request_size: request.size,
    response_size: response.size,
    latency: latencies.request,
    upstream_latency: latencies.proxy,
    kong_latency: latencies.kong,
    request_count: 1,
  }
  return figures[name] === -1 ? undefined : figures[name]
}

/** Fields that tell consumers apart. */
export type ConsumerIdentifier = 'consumer_id' | 'custom_id' | 'username'

/** What tells the consumer apart; undefined for nobody, or one without it. */
export function consumerOf(
  { consumer }: LogRecord,
  identifier: ConsumerIdentifier,
): string | undefined {
  return textOf(consumer, identifier === 'consumer_id' ? 'id' : identifier)
}

/** A text of a row. */
export function textOf(row: Row | undefined, field: string): string | undefined {
  const value = row?.[field]
  return typeof value === 'string' ? value : undefined
}

/** Dots would be levels in a metric's name. */
export function withoutDots(text: string): string {
  return text.replaceAll('.', '_')
}

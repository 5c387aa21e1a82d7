import type { LogRecord } from '../../pdk/log-record.ts'
import type { SessionRecord } from '../../pdk/session.ts'
import { WORKSPACE } from '../../pdk/workspace.ts'
import type { Row } from '../../schema/entity.ts'

/** Metrics that are one figure each. */
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

/** What metrics tell of a request, or of a session of a stream route. */
export interface Measured {
  readonly figures: Readonly<Partial<Record<FigureName, number>>>
  readonly status: number
  readonly route?: Row | undefined
  readonly service?: Row | undefined
  readonly consumer?: Row | undefined
  readonly workspace: string
  readonly workspace_name: string
}

/** Measures a request. */
export function measureRequest(record: LogRecord): Measured {
  const { request, response, latencies, route, service, consumer } = record
  const { workspace, workspace_name } = record
  const figures = {
    request_size: request.size,
    response_size: response.size,
    latency: latencies.request,
    upstream_latency: latencies.proxy,
    kong_latency: latencies.kong,
    request_count: 1,
  }
  return { figures, status: response.status, route, service, consumer, workspace, workspace_name }
}

/** Measures a session, whose entries name no workspace: Kong knows no sizes of it, nor how long a request or its upstream took. */
export function measureSession({ session, latencies, route, service }: SessionRecord): Measured {
  const figures = { kong_latency: latencies.kong, request_count: 1 }
  return { figures, status: session.status, route, service, ...WORKSPACE }
}

/** A figure; undefined for one that there is not. */
export function figureOf({ figures }: Measured, name: FigureName): number | undefined {
  return figures[name] === -1 ? undefined : figures[name]
}

/** Fields that tell consumers apart. */
export type ConsumerIdentifier = 'consumer_id' | 'custom_id' | 'username'

/** What tells the consumer apart; undefined for nobody, or one without it. */
export function consumerOf(
  { consumer }: Measured,
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

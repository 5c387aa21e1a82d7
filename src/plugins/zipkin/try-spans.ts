import type { TryRecord } from '../../pdk/log-record.ts'
import type { Row } from '../../schema/entity.ts'
import { remoteEndpoint, spanOf, type Tags, type Trace, textTags, type ZipkinSpan } from './span.ts'

/** What a configuration says of all spans. */
export interface SpanFields {
  readonly local_service_name: string
  readonly default_service_name: string | null
}

/** Whose tries they are. */
export interface Reported {
  readonly config: SpanFields
  readonly trace: Trace
  readonly newSpanId: () => string
}

/** What of a record, a request's or a session's, says where it went. */
interface Went {
  readonly tries?: readonly TryRecord[]
  readonly route?: Row
  readonly service?: Row
}

/** Kong's span of each try at a peer. */
export function trySpans(reported: Reported, went: Went): ZipkinSpan[] {
  return (went.tries ?? []).map((one, i) => trySpan(reported, went, { one, i }))
}

interface Try {
  readonly one: TryRecord
  readonly i: number
}

/** Kong: what failed a try is told of all but the last. */
function trySpan(reported: Reported, went: Went, { one, i }: Try): ZipkinSpan {
  const { config, trace, newSpanId } = reported
  const name = `${trace.name} (balancer try ${i + 1})`
  const [from, to] = [one.balancer_start, one.balancer_start + one.balancer_latency]
  const isLast = i === (went.tries?.length ?? 0) - 1
  return {
    ...spanOf({ config, trace }, { name, kind: 'CLIENT', from, to }),
    id: newSpanId(),
    parentId: trace.spanId,
    remoteEndpoint: remoteEndpoint(serviceName(config, went), one),
    ...textTags({
      'kong.balancer.try': i + 1,
      ...(isLast
        ? {}
        : { error: true, 'kong.balancer.state': one.state, 'http.status_code': one.code }),
      ...placeTags(went),
    }),
  }
}

/** Who is behind us: the service, where the last try went. */
export function farEnd(config: SpanFields, went: Went): Pick<ZipkinSpan, 'remoteEndpoint'> {
  return { remoteEndpoint: remoteEndpoint(serviceName(config, went), went.tries?.at(-1)) }
}

/** What the span of all behind us tells of where it went. */
export function farTags(went: Went): Tags {
  const asked = went.tries?.at(-1) !== undefined
  return {
    'peer.hostname': asked ? textOf(went.service, 'host') : undefined,
    ...placeTags(went),
  }
}

/** Kong: the route even where there is no service. */
function placeTags({ service, route }: Went): Tags {
  return {
    'kong.service': service?.id,
    'kong.service_name': textOf(service, 'name'),
    'kong.route': route?.id,
    'kong.route_name': textOf(route, 'name'),
  }
}

function serviceName({ default_service_name }: SpanFields, { service }: Went): string | null {
  return textOf(service, 'name') ?? default_service_name
}

function textOf(row: Row | undefined, field: string): string | undefined {
  const value = row?.[field]
  return typeof value === 'string' ? value : undefined
}

import {
  type ConsumerIdentifier,
  consumerOf,
  FIGURE_NAMES,
  type FigureName,
  figureOf,
  type Measured,
  textOf,
  withoutDots,
} from '../metrics/record-stats.ts'
import { type STAT_KINDS, type Stat, statLine, type TagStyle } from '../metrics/stat-line.ts'

type ServiceIdentifier = 'service_id' | 'service_name' | 'service_host' | 'service_name_or_host'
type WorkspaceIdentifier = 'workspace_id' | 'workspace_name'

/** A metric as it is configured. */
export interface MetricFields {
  readonly name: FigureName | PerPersonName | 'status_count_per_workspace' | 'shdict_usage'
  readonly stat_type: keyof typeof STAT_KINDS
  readonly sample_rate: number | null
  readonly consumer_identifier: ConsumerIdentifier | null
  readonly service_identifier: ServiceIdentifier | null
  readonly workspace_identifier: WorkspaceIdentifier | null
}

type PerPersonName =
  | 'request_per_user'
  | 'status_count'
  | 'status_count_per_user'
  | 'unique_users'
  | 'status_count_per_user_per_route'

/** What a configuration says of names. */
export interface StatsFields {
  readonly prefix: string | null
  readonly hostname_in_prefix: boolean | null
  readonly metrics: readonly MetricFields[] | null
  readonly tag_style: TagStyle | null
  readonly consumer_identifier_default: ConsumerIdentifier
  readonly service_identifier_default: ServiceIdentifier
  readonly workspace_identifier_default: WorkspaceIdentifier
}

/** The lines of a request or a session, in the metrics' order. */
export function statsdLines(
  config: StatsFields,
  measured: Measured,
  hostname: string,
): readonly string[] {
  const node = withoutDots(hostname)
  const style = config.tag_style ?? undefined
  const named = config.hostname_in_prefix === true && style === undefined
  const prefix = `${config.prefix ?? 'kong'}${named ? `.node.${node}` : ''}`
  return (config.metrics ?? []).flatMap((metric) => {
    const told = identified(config, metric)
    const stat =
      style === undefined
        ? plainStat(told, measured)
        : taggedStat(told, measured, withoutDots(hostname))
    return stat === undefined ? [] : [statLine({ ...stat, name: `${prefix}.${stat.name}` }, style)]
  })
}

interface Identified extends MetricFields {
  readonly consumer_identifier: ConsumerIdentifier
  readonly service_identifier: ServiceIdentifier
  readonly workspace_identifier: WorkspaceIdentifier
}

function identified(config: StatsFields, metric: MetricFields): Identified {
  return {
    ...metric,
    consumer_identifier: metric.consumer_identifier ?? config.consumer_identifier_default,
    service_identifier: metric.service_identifier ?? config.service_identifier_default,
    workspace_identifier: metric.workspace_identifier ?? config.workspace_identifier_default,
  }
}

/** Kong: with tags there are the figures alone. */
function taggedStat(metric: Identified, measured: Measured, node: string): Stat | undefined {
  if (!isFigure(metric.name)) return undefined
  const value = figureOf(measured, metric.name)
  if (value === undefined) return undefined
  const tags = tagsOf(metric, measured, node)
  return { ...kindOf(metric), name: FIGURE_NAMES[metric.name], value, tags }
}

/** Kong: without a service nothing is told of a request but the figure. */
function tagsOf(metric: Identified, measured: Measured, node: string): Stat['tags'] {
  const service = serviceOf(measured, metric.service_identifier)
  if (service === undefined) return undefined
  const route = textOf(measured.route, 'name') ?? textOf(measured.route, 'id')
  const consumer = consumerOf(measured, metric.consumer_identifier)
  const tags: readonly (readonly [string, string | number | undefined])[] = [
    ['service', service],
    ['route', route],
    ['workspace', workspaceOf(measured, metric.workspace_identifier)],
    ['consumer', consumer],
    ['node', node],
    ['status', measured.status],
  ]
  return tags.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
}

function plainStat(metric: Identified, measured: Measured): Stat | undefined {
  const { name } = metric
  const scope = scopeOf(measured, metric.service_identifier)
  if (isFigure(name)) {
    const value = figureOf(measured, name)
    const stat = `${scope}.${FIGURE_NAMES[name]}`
    return value === undefined ? undefined : { ...kindOf(metric), name: stat, value }
  }
  const counted = { kind: 'counter', value: 1, sampleRate: metric.sample_rate } as const
  const { status } = measured
  if (name === 'status_count') return { ...counted, name: `${scope}.status.${status}` }
  if (name === 'status_count_per_workspace') {
    const workspace = workspaceOf(measured, metric.workspace_identifier)
    return { ...counted, name: `${scope}.workspace.${workspace}.status.${status}` }
  }
  const consumer = consumerOf(measured, metric.consumer_identifier)
  if (consumer === undefined) return undefined
  if (name === 'unique_users') {
    return { name: `${scope}.user.uniques`, kind: 'set', value: consumer }
  }
  const perPerson = perPersonName(name, measured, { scope, consumer })
  return perPerson === undefined ? undefined : { ...counted, name: perPerson }
}

function perPersonName(
  name: MetricFields['name'],
  { route, status }: Measured,
  { scope, consumer }: { readonly scope: string; readonly consumer: string },
): string | undefined {
  if (name === 'request_per_user') return `${scope}.user.${consumer}.request.count`
  if (name === 'status_count_per_user') return `${scope}.user.${consumer}.status.${status}`
  if (name !== 'status_count_per_user_per_route' || route === undefined) return undefined
  return `route.${route.id}.user.${consumer}.status.${status}`
}

function isFigure(name: string): name is FigureName {
  return Object.hasOwn(FIGURE_NAMES, name)
}

function kindOf({ stat_type, sample_rate }: MetricFields): Pick<Stat, 'kind' | 'sampleRate'> {
  return { kind: stat_type, sampleRate: sample_rate }
}

function scopeOf(measured: Measured, identifier: ServiceIdentifier): string {
  if (measured.service === undefined) return 'global.unmatched'
  return `service.${withoutDots(serviceOf(measured, identifier) ?? 'unnamed')}`
}

function serviceOf({ service }: Measured, identifier: ServiceIdentifier): string | undefined {
  if (identifier === 'service_id') return textOf(service, 'id')
  if (identifier === 'service_host') return textOf(service, 'host')
  const name = textOf(service, 'name')
  return identifier === 'service_name' ? name : (name ?? textOf(service, 'host'))
}

function workspaceOf(measured: Measured, identifier: WorkspaceIdentifier): string {
  return identifier === 'workspace_id' ? measured.workspace : measured.workspace_name
}

import { listOf } from './list.ts'
import type { TextOf } from './numbers.ts'

/** Which spans opentelemetry makes, and of how many requests. */
export interface TracingSettings {
  /** A span of the whole request. */
  readonly requests: boolean
  /** A span of each try at a target. */
  readonly tries: boolean
  /** The part of all traces that is sampled where a plugin does not say. */
  readonly samplingRate: number
}

/** Kong's kinds of spans; only those of requests and of the balancer are made here. */
const KINDS: readonly string[] = [
  'request',
  'balancer',
  'db_query',
  'router',
  'http_client',
  'plugin_rewrite',
  'plugin_access',
  'plugin_header_filter',
  'dns_query',
]
const MADE: readonly string[] = ['request', 'balancer']

/** Reads `tracing_instrumentations` and `tracing_sampling_rate`; without the first all there are are made. */
export function readTracing(text: TextOf, errors: string[]): TracingSettings {
  const kinds = listOf(text('tracing_instrumentations'))
  for (const kind of kinds) {
    const isKnown = kind === 'all' || kind === 'off' || KINDS.includes(kind)
    if (!isKnown) errors.push(`invalid tracing type: ${kind}`)
  }
  if (kinds.length > 1 && kinds.includes('off')) {
    errors.push('invalid tracing types: off, other types are mutually exclusive')
  }
  const isAll = kinds.length === 0 || kinds[0] === 'all'
  return {
    // Kong: whatever is traced stands in a span of its request.
    requests: !kinds.includes('off'),
    tries: isAll || kinds.includes('balancer'),
    samplingRate: rateOf(text('tracing_sampling_rate'), errors),
  }
}

/** What is said of kinds of spans that are never made here. */
export function tracingWarning(shown: Readonly<Record<string, unknown>>): string | undefined {
  const kinds = Array.isArray(shown.tracing_instrumentations) ? shown.tracing_instrumentations : []
  const missing = kinds.filter((kind) => KINDS.includes(kind) && !MADE.includes(kind))
  if (missing.length === 0 || kinds[0] === 'all') return undefined
  return `tracing_instrumentations: there are no spans of ${missing.join(', ')} here, only of request and balancer`
}

function rateOf(value: string, errors: string[]): number {
  const rate = Number(value)
  if (/^\d*\.?\d+$/.test(value) && rate <= 1) return rate
  errors.push('tracing_sampling_rate must be between 0 and 1')
  return 0
}

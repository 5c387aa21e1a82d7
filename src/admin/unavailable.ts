import { message } from './reply.ts'
import type { Handler, Resource } from './resource.ts'

const WASM = 'this endpoint is only available when wasm is enabled'
const CLUSTER =
  'this endpoint is only available when Kong is configured to run as Control Plane for the cluster'

const FILTER_CHAIN_PATTERNS = [
  '/filter-chains',
  '/filter-chains/{filter_chains}',
  '/filter-chains/{filter_chains}/route',
  '/filter-chains/{filter_chains}/service',
  '/routes/{routes}/filter-chains',
  '/routes/{routes}/filter-chains/{filter_chains}',
  '/routes/{routes}/filters/all',
  '/routes/{routes}/filters/disabled',
  '/routes/{routes}/filters/enabled',
  '/services/{services}/filter-chains',
  '/services/{services}/filter-chains/{filter_chains}',
] as const

/** What Kong OSS answers where a feature is off by default; decK takes these for empty lists. */
export const unavailableResources: readonly Resource[] = [
  ...FILTER_CHAIN_PATTERNS.map((pattern) => ({ pattern, handlers: everyVerb(WASM) })),
  ...['/clustering/data-planes', '/clustering/status'].map((pattern) => ({
    pattern,
    handlers: { GET: () => message(400, CLUSTER) },
  })),
]

function everyVerb(text: string): Resource['handlers'] {
  const refuse: Handler = () => message(400, text)
  return { GET: refuse, POST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse }
}

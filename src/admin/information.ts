import type { AdminKit } from '../pdk/admin-route.ts'
import type { TrafficCounts } from '../proxy/traffic-counts.ts'
import { configurationHash } from './config.ts'
import { memoryStatus, unitRefusal } from './memory.ts'
import { type NodeSources, nodeOf } from './node.ts'
import type { Query } from './query.ts'
import { json, message } from './reply.ts'
import type { Resource } from './resource.ts'
import { isReachable, kvStatus, serverStatus } from './status.ts'

/** What the information pages tell of. */
export interface InformationSources extends NodeSources {
  /** Absent where the proxy does not count. */
  readonly counts?: Pick<TrafficCounts, 'total' | 'connections'>
  /** Whose KV may be asked about. */
  readonly kit: Pick<AdminKit, 'kv'>
  /** Every pattern of this Admin API, in order. */
  patterns(): readonly string[]
}

/** `/`, `/endpoints`, `/status` and `/timers`. */
export function informationResources(sources: InformationSources): Resource[] {
  return [
    { pattern: '/', handlers: { GET: () => json(nodeOf(sources)) } },
    { pattern: '/endpoints', handlers: { GET: () => json({ data: sources.patterns() }) } },
    {
      pattern: '/status',
      handlers: {
        GET: async ({ query }) => unitRefusal(query) ?? json(await statusOf(sources, query)),
      },
    },
    {
      pattern: '/status/dns',
      handlers: {
        GET: () => message(501, 'not implemented with the legacy DNS client'),
      },
    },
    { pattern: '/timers', handlers: { GET: () => json(TIMERS) } },
  ]
}

async function statusOf(
  sources: InformationSources,
  query: Query,
): Promise<Record<string, unknown>> {
  const { settings, store, counts, kit, runtime } = sources
  const asksKv = query.first('kv') === '1'
  const status = {
    ...serverStatus(counts?.total ?? 0, counts?.connections?.()),
    memory: memoryStatus(query, runtime.processes?.().serving),
    // Ours, and only for who asks: whatever looks after the gateway need not wait for the KV.
    ...(asksKv ? { kv: await kvStatus(kit.kv) } : {}),
  }
  if (settings.database === 'off')
    return { ...status, configuration_hash: configurationHash(store) }
  return { ...status, database: { reachable: await isReachable(store) } }
}

const TIMERS = {
  worker: { id: 0, count: 1 },
  stats: {
    flamegraph: { running: '', pending: '', elapsed_time: '' },
    sys: { total: 0, runs: 0, running: 0, pending: 0, waiting: 0 },
    timers: {},
  },
} as const

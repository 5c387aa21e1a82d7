import { type ConnectionCounts, NO_CONNECTIONS } from '../ports/connections.ts'
import type { KV } from '../ports/kv.ts'
import type { EntityStore } from '../store/entity-store.ts'
import { parseNumber } from './paging.ts'
import type { Query } from './query.ts'
import { message, type Reply } from './reply.ts'

const UNITS: ReadonlySet<string> = new Set(['', 'b', 'k', 'm', 'g'])

/** Why the memory units asked of `/status` are refused; undefined when they are fine. */
export function unitRefusal(query: Query): Reply | undefined {
  const asked = query.single('unit')
  const unit = typeof asked === 'string' ? asked : 'm'
  if (unit === '' || unit.toLowerCase() === 'b') return undefined
  const scale = query.single('scale')
  const decimals = typeof scale === 'string' ? parseNumber(scale) : undefined
  if (decimals !== undefined && decimals < 0) {
    return message(400, 'scale must be equal or greater than 0')
  }
  if (UNITS.has(unit.toLowerCase())) return undefined
  return message(400, `invalid unit '${unit}' (expected 'k/K', 'm/M', or 'g/G')`)
}

/** What `/status` tells of traffic and memory; what no runtime tells us is 0 or empty. */
export function serverStatus(
  requests: number,
  connections: ConnectionCounts = NO_CONNECTIONS,
): Record<string, unknown> {
  return {
    server: {
      connections_accepted: connections.accepted,
      connections_active: connections.active,
      connections_handled: connections.handled,
      connections_reading: connections.reading,
      connections_waiting: connections.waiting,
      connections_writing: connections.writing,
      total_requests: requests,
    },
    memory: { lua_shared_dicts: {}, workers_lua_vms: [] },
  }
}

/** Whether the store answers now. */
export function isReachable(store: EntityStore): Promise<boolean> {
  return store.refresh().then(
    () => true,
    () => false,
  )
}

/** Whether the KV answers now, and whether it is one for several gateways. */
export async function kvStatus(kv: KV): Promise<Record<string, unknown>> {
  const reachable = await kv.get('status').then(
    () => true,
    () => false,
  )
  return { reachable, shared: kv.traits.shared }
}

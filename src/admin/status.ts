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
export function serverStatus(requests: number): Record<string, unknown> {
  return {
    server: {
      connections_accepted: 0,
      connections_active: 0,
      connections_handled: 0,
      connections_reading: 0,
      connections_waiting: 0,
      connections_writing: 0,
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

import { type ConnectionCounts, NO_CONNECTIONS } from '../ports/connections.ts'
import type { KV } from '../ports/kv.ts'
import type { EntityStore } from '../store/entity-store.ts'

/** What `/status` tells of traffic. */
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

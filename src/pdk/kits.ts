import { afterTimeout } from '../lib/after.ts'
import type { Sender } from '../ports/transport.ts'
import type { AdminKit } from './admin-route.ts'
import { createHttpCaller } from './http-call.ts'
import type { Configured, Kit } from './kit.ts'

/** What kits are made of. */
export interface KitPorts extends Omit<AdminKit, 'http' | 'after' | 'keep' | 'bodyLimit'> {
  readonly transport: Sender
  readonly after?: Kit['after']
}

const BODY_LIMIT = 10 * 2 ** 20

/** Makes the one kit all plugins share; each configuration is told its own name beside it. */
export function createKits({ transport, after = afterTimeout, ...ports }: KitPorts): Kits {
  const kept = new Map<string, unknown>()
  const shared: AdminKit = {
    ...ports,
    http: createHttpCaller(transport),
    after,
    bodyLimit: BODY_LIMIT,
    keep<T>(key: string, make: () => T): T {
      if (!kept.has(key)) kept.set(key, make())
      // Each key has one maker, so what is kept under it is what that one makes.
      return kept.get(key) as T
    },
  }
  return { shared, kitFor: (plugin) => ({ ...shared, plugin }) }
}

/** The kits of one gateway. */
export interface Kits {
  readonly shared: AdminKit
  kitFor(configured: Configured): Kit
}

import { isIpv6 } from '../lib/ip.ts'
import { LiveBalancer } from './balancer.ts'
import type { Balancer, BalancerOptions } from './picking.ts'
import type { HealthPlan } from './thresholds.ts'

const MOST = 10_000
const NOTHING = new Set<number>()
const NO_LIMITS = { success: 0, http: 0, tcp: 0, timeout: 0 }

/** What a service's own host is checked by: nothing. */
const UNCHECKED: HealthPlan = {
  checked: false,
  threshold: 0,
  heals: false,
  passive: { limits: NO_LIMITS, healthy: NOTHING, unhealthy: NOTHING },
  active: {
    limits: NO_LIMITS,
    healthy: NOTHING,
    unhealthy: NOTHING,
    type: 'http',
    timeout: 0,
    concurrency: 1,
    path: '/',
    sni: undefined,
    verify: true,
    headers: {},
    upInterval: 0,
    downInterval: 0,
  },
}

/** Makes balancers of one peer for hosts that are no upstream's name, and keeps them. */
export function createSingles(
  options: Omit<BalancerOptions, 'flipped' | 'keepNames'>,
): (host: string, port: number) => Balancer {
  const known = new Map<string, LiveBalancer>()

  return (host, port) => {
    const key = `${host}:${port}`
    const found = known.get(key)
    if (found !== undefined) return found

    const address = isIpv6(host) && !host.startsWith('[') ? `[${host}]:${port}` : key
    const made = new LiveBalancer({
      ...options,
      // Services may be many and seldom asked for: their names are looked up by requests alone.
      keepNames: false,
      plan: UNCHECKED,
      flipped: () => {},
    })
    made.configure(undefined, UNCHECKED, [{ id: '', target: address, weight: 100 }])
    // Any that is dropped loses no more than the pause after a failed connection.
    if (known.size >= MOST) known.clear()
    known.set(key, made)
    return made
  }
}

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
  // By port first: a key made of both would be a new text for every request.
  const known = new Map<number, Map<string, LiveBalancer>>()
  let size = 0

  return (host, port) => {
    const found = known.get(port)?.get(host)
    if (found !== undefined) return found

    const name = isIpv6(host) && !host.startsWith('[') ? `[${host}]` : host
    const made = new LiveBalancer({
      ...options,
      // Services may be many and seldom asked for: their names are looked up by requests alone.
      keepNames: false,
      plan: UNCHECKED,
      flipped: () => {},
    })
    made.configure(undefined, UNCHECKED, [{ id: '', target: `${name}:${port}`, weight: 100 }])
    // Any that is dropped loses no more than the pause after a failed connection.
    if (size >= MOST) {
      known.clear()
      size = 0
    }
    const siblings = known.get(port) ?? new Map<string, LiveBalancer>()
    known.set(port, siblings.set(host, made))
    size++
    return made
  }
}

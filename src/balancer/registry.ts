import type { Target } from '../entities/target.ts'
import type { Upstream } from '../entities/upstream.ts'
import { type BalancerOptions, LiveBalancer } from './balancer.ts'
import { type HealthPlan, healthPlan } from './thresholds.ts'

/** Which balancer belongs to which upstream. */
export interface Registry {
  byName(name: string): LiveBalancer | undefined
  byId(id: string): LiveBalancer | undefined
  all(): Iterable<LiveBalancer>
  sync(upstreams: readonly Upstream[], targets: readonly Target[]): void
  /** Drops what was removed long ago. */
  forget(now: number): void
}

interface Retired {
  readonly balancer: LiveBalancer
  readonly at: number
}

const REMEMBERED = 300_000
const NO_TARGETS: readonly Target[] = []

/** Makes an empty registry. */
export function createRegistry(options: BalancerOptions): Registry {
  let ids = new Map<string, LiveBalancer>()
  let names = new Map<string, LiveBalancer>()
  // Kong: health outlives its upstream for a while, and the name finds it again.
  const retired = new Map<string, Retired>()

  const balancerOf = (upstream: Upstream, plan: HealthPlan): LiveBalancer => {
    const known = ids.get(upstream.id)
    if (known !== undefined) return known
    const before = retired.get(upstream.name)
    retired.delete(upstream.name)
    return before?.balancer ?? new LiveBalancer({ ...options, plan })
  }
  const retire = (live: ReadonlySet<string>) => {
    const at = options.runtime.now()
    for (const [id, balancer] of ids) {
      const { upstream } = balancer
      if (live.has(id) || upstream === undefined) continue
      balancer.configure(upstream, balancer.plan, NO_TARGETS)
      retired.set(upstream.name, { balancer, at })
    }
  }

  return {
    byName: (name) => names.get(name),
    byId: (id) => ids.get(id),
    all: () => ids.values(),
    sync(upstreams, targets) {
      retire(new Set(upstreams.map(({ id }) => id)))
      const grouped = groupByUpstream(targets)
      const nextIds = new Map<string, LiveBalancer>()
      const nextNames = new Map<string, LiveBalancer>()
      for (const upstream of upstreams) {
        const plan = planOf(upstream, ids.get(upstream.id))
        const balancer = balancerOf(upstream, plan)
        balancer.configure(upstream, plan, grouped.get(upstream.id) ?? NO_TARGETS)
        nextIds.set(upstream.id, balancer)
        nextNames.set(upstream.name, balancer)
      }
      ids = nextIds
      names = nextNames
    },
    forget(now) {
      for (const [name, { at }] of retired) if (now - at >= REMEMBERED) retired.delete(name)
      for (const balancer of ids.values()) balancer.forget(now)
    },
  }
}

/** The plan as it was when nothing about it changed, so that probing keeps its beat. */
function planOf({ healthchecks }: Upstream, balancer: LiveBalancer | undefined): HealthPlan {
  const before = balancer?.upstream?.healthchecks
  if (balancer !== undefined && isEqual(before, healthchecks)) return balancer.plan
  return healthPlan(healthchecks)
}

function isEqual(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

function groupByUpstream(targets: readonly Target[]): Map<string, Target[]> {
  const groups = new Map<string, Target[]>()
  for (const target of targets) {
    const group = groups.get(target.upstream.id)
    if (group === undefined) groups.set(target.upstream.id, [target])
    else group.push(target)
  }
  return groups
}

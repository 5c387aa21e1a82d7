import type { Target } from '../entities/target.ts'
import type { Upstream } from '../entities/upstream.ts'
import { type BalancerOptions, LiveBalancer } from './balancer.ts'
import { type HealthPlan, healthPlan } from './thresholds.ts'

interface Retired {
  readonly balancer: LiveBalancer
  readonly at: number
}

const REMEMBERED = 300_000
const NO_TARGETS: readonly Target[] = []

/** Which balancer belongs to which upstream. */
export class Registry {
  readonly #options: BalancerOptions
  #ids = new Map<string, LiveBalancer>()
  #names = new Map<string, LiveBalancer>()
  /** Kong: health outlives its upstream for a while, and the name finds it again. */
  readonly #retired = new Map<string, Retired>()

  constructor(options: BalancerOptions) {
    this.#options = options
  }

  byName(name: string): LiveBalancer | undefined {
    return this.#names.get(name)
  }

  byId(id: string): LiveBalancer | undefined {
    return this.#ids.get(id)
  }

  all(): Iterable<LiveBalancer> {
    return this.#ids.values()
  }

  /** Takes all of the configuration in. */
  sync(upstreams: readonly Upstream[], targets: readonly Target[]): void {
    this.#retireAllBut(new Set(upstreams.map(({ id }) => id)))
    const grouped = groupByUpstream(targets)
    const ids = new Map<string, LiveBalancer>()
    const names = new Map<string, LiveBalancer>()
    for (const upstream of upstreams) {
      const plan = planOf(upstream, this.#ids.get(upstream.id))
      const balancer = this.#balancerOf(upstream, plan)
      this.#warnOf(upstream, balancer)
      balancer.configure(upstream, plan, grouped.get(upstream.id) ?? NO_TARGETS)
      ids.set(upstream.id, balancer)
      names.set(upstream.name, balancer)
    }
    this.#ids = ids
    this.#names = names
  }

  /** Drops what was removed long ago. */
  forget(now: number): void {
    for (const [name, { at }] of this.#retired) {
      if (now - at >= REMEMBERED) this.#retired.delete(name)
    }
    for (const balancer of this.#ids.values()) balancer.forget(now)
  }

  /** An algorithm that is stored for its file's sake but not built yet must not go unnoticed. */
  #warnOf({ name, algorithm }: Upstream, balancer: LiveBalancer): void {
    if (algorithm === 'round-robin' || balancer.upstream?.algorithm === algorithm) return
    const message = `Upstream "${name}" asks for ${algorithm}, not built yet: balancing it round-robin`
    this.#options.runtime.log('warn', message)
  }

  #balancerOf(upstream: Upstream, plan: HealthPlan): LiveBalancer {
    const known = this.#ids.get(upstream.id)
    if (known !== undefined) return known
    const before = this.#retired.get(upstream.name)
    this.#retired.delete(upstream.name)
    return before?.balancer ?? new LiveBalancer({ ...this.#options, plan })
  }

  #retireAllBut(live: ReadonlySet<string>): void {
    const at = this.#options.runtime.now()
    for (const [id, balancer] of this.#ids) {
      const { upstream } = balancer
      if (live.has(id) || upstream === undefined) continue
      balancer.configure(upstream, balancer.plan, NO_TARGETS)
      this.#retired.set(upstream.name, { balancer, at })
    }
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

import type { Target } from '../entities/target.ts'
import type { Upstream } from '../entities/upstream.ts'
import { LiveBalancer } from './balancer.ts'
import type { BalancerOptions } from './picking.ts'
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
  readonly #ids = new Map<string, LiveBalancer>()
  readonly #names = new Map<string, LiveBalancer>()
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
    const live = new Set(upstreams.map(({ id }) => id))
    for (const id of [...this.#ids.keys()]) if (!live.has(id)) this.remove(id)
    const grouped = groupByUpstream(targets)
    for (const upstream of upstreams) this.put(upstream, grouped.get(upstream.id) ?? NO_TARGETS)
  }

  /** Takes one upstream in, with all of its targets. */
  put(upstream: Upstream, targets: readonly Target[]): void {
    const { id, name } = upstream
    const plan = planOf(upstream, this.#ids.get(id))
    const balancer = this.#balancerOf(upstream, plan)
    const before = balancer.upstream?.name
    if (before !== undefined && before !== name) this.#unname(before, balancer)
    balancer.configure(upstream, plan, targets)
    this.#ids.set(id, balancer)
    this.#names.set(name, balancer)
  }

  /** Lets an upstream go. */
  remove(id: string): void {
    const balancer = this.#ids.get(id)
    const { upstream, plan } = balancer ?? {}
    if (balancer === undefined || upstream === undefined || plan === undefined) return
    balancer.configure(upstream, plan, NO_TARGETS)
    this.#ids.delete(id)
    this.#unname(upstream.name, balancer)
    this.#retired.set(upstream.name, { balancer, at: this.#options.runtime.now() })
  }

  /** Drops what was removed long ago. */
  forget(now: number): void {
    for (const [name, { at }] of this.#retired) {
      if (now - at >= REMEMBERED) this.#retired.delete(name)
    }
    for (const balancer of this.#ids.values()) balancer.forget(now)
  }

  #balancerOf(upstream: Upstream, plan: HealthPlan): LiveBalancer {
    const known = this.#ids.get(upstream.id)
    if (known !== undefined) return known
    const before = this.#retired.get(upstream.name)
    this.#retired.delete(upstream.name)
    return before?.balancer ?? new LiveBalancer({ ...this.#options, plan })
  }

  /** Another upstream may bear the name by now. */
  #unname(name: string, balancer: LiveBalancer): void {
    if (this.#names.get(name) === balancer) this.#names.delete(name)
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

import type { Runtime } from '../ports/runtime.ts'
import type { Transport } from '../ports/transport.ts'
import type { LiveBalancer } from './balancer.ts'
import { isUp } from './health.ts'
import { type Probe, startProbe } from './probe.ts'
import type { ActivePlan } from './thresholds.ts'
import type { TrackedPeer } from './tracked-peer.ts'

/** Whom to probe, and by what. */
export interface ProberOptions {
  readonly balancer: LiveBalancer
  readonly transport: Transport
  readonly runtime: Runtime
}

/** How long a probe under way may go unattended. */
const ATTENTION = 100

interface Due {
  readonly up: number
  readonly down: number
}

const NEVER: Due = { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY }

/** Asks the peers of one upstream how they are: in rounds, apart for those up and those down. */
export class Prober {
  readonly #options: ProberOptions
  #plan: ActivePlan | undefined
  #due: Due = NEVER
  /** Waiting for their turn or under way: a peer is never asked twice at once. */
  readonly #busy = new Set<TrackedPeer>()
  readonly #waiting: TrackedPeer[] = []
  readonly #running = new Set<Probe>()

  constructor(options: ProberOptions) {
    this.#options = options
  }

  /** Starts what is due, without waiting for it; gives the milliseconds until it is needed again. */
  tick(now: number): number {
    const { active } = this.#options.balancer.plan
    if (active !== this.#plan)
      this.#due = reschedule(this.#due, { from: this.#plan, to: active, now })
    this.#plan = active
    for (const probe of this.#running) probe.expire(now)

    if (now >= this.#due.up) this.#enlist(true)
    if (now >= this.#due.down) this.#enlist(false)
    this.#due = {
      up: following(this.#due.up, active.upInterval, now),
      down: following(this.#due.down, active.downInterval, now),
    }
    this.#options.balancer.nextProbeAt = this.#due.down
    this.#advance()
    const attention = this.#running.size > 0 ? ATTENTION : Number.POSITIVE_INFINITY
    return Math.min(this.#due.up - now, this.#due.down - now, attention)
  }

  /** Starts nothing, as another node asks, and only sees to what is under way. */
  rest(now: number): number {
    this.#plan = undefined
    this.#due = NEVER
    this.#options.balancer.nextProbeAt = undefined
    for (const peer of this.#waiting.splice(0)) this.#busy.delete(peer)
    for (const probe of this.#running) probe.expire(now)
    return this.#running.size > 0 ? ATTENTION : Number.POSITIVE_INFINITY
  }

  #enlist(up: boolean): void {
    for (const peer of this.#options.balancer.peers) {
      if (peer.weight === 0 || this.#busy.has(peer) || isUp(peer.health) !== up) continue
      this.#busy.add(peer)
      this.#waiting.push(peer)
    }
  }

  #advance(): void {
    const { balancer, transport, runtime } = this.#options
    const { active } = balancer.plan
    while (this.#running.size < active.concurrency) {
      const peer = this.#waiting.shift()
      if (peer === undefined) return
      if (peer.removedAt !== undefined || !isProbed(active, transport)) this.#busy.delete(peer)
      else runtime.background(this.#run(peer, active))
    }
  }

  async #run(peer: TrackedPeer, plan: ActivePlan): Promise<void> {
    const { balancer, transport, runtime } = this.#options
    const hostHeader = balancer.upstream?.host_header ?? undefined
    const { clientCertificate } = balancer
    const now = runtime.now()
    const probe = startProbe({ transport, plan, peer, hostHeader, clientCertificate, now })
    this.#running.add(probe)
    try {
      const { report, status } = await probe.outcome
      balancer.probed(peer, report, status)
    } finally {
      this.#running.delete(probe)
      this.#busy.delete(peer)
      this.#advance()
    }
  }
}

/** Kong: the first probe comes one interval after the start. What stays the same goes on. */
function reschedule(
  due: Due,
  { from, to, now }: { from: ActivePlan | undefined; to: ActivePlan; now: number },
): Due {
  const first = (interval: number) => (interval > 0 ? now + interval : Number.POSITIVE_INFINITY)
  return {
    up: from?.upInterval === to.upInterval ? due.up : first(to.upInterval),
    down: from?.downInterval === to.downInterval ? due.down : first(to.downInterval),
  }
}

/** The next round keeps its beat, but makes up for none that was missed. */
function following(due: number, interval: number, now: number): number {
  if (now < due) return due
  return Math.max(due + interval, now + Math.min(interval, 1))
}

function isProbed({ type }: ActivePlan, { caps }: Transport): boolean {
  return type !== 'tcp' || caps.tcpProbe
}

import type { Runtime } from '../ports/runtime.ts'
import type { Transport } from '../ports/transport.ts'
import type { LiveBalancer } from './balancer.ts'
import { isUp } from './health.ts'
import { type Probe, startProbe } from './probe.ts'
import type { ActivePlan } from './thresholds.ts'
import type { TrackedPeer } from './tracked-peer.ts'

/** Asks the peers of one upstream how they are, in rounds. */
export interface Prober {
  /** Starts what is due, without waiting for it; gives the milliseconds until it is needed again. */
  tick(now: number): number
}

/** Whom to probe, and by what. */
export interface ProberOptions {
  readonly balancer: LiveBalancer
  readonly transport: Transport
  readonly runtime: Runtime
}

/** How long a probe under way may go unattended. */
const ATTENTION = 100

/** Makes the prober of one upstream. Peers that are up and down are asked at intervals of their own. */
export function createProber({ balancer, transport, runtime }: ProberOptions): Prober {
  let plan: ActivePlan | undefined
  let due = { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY }
  // Waiting for their turn or under way: a peer is never asked twice at once.
  const busy = new Set<TrackedPeer>()
  const waiting: TrackedPeer[] = []
  const running = new Set<Probe>()

  const enlist = (up: boolean) => {
    for (const peer of balancer.peers) {
      if (peer.weight === 0 || busy.has(peer) || isUp(peer.health) !== up) continue
      busy.add(peer)
      waiting.push(peer)
    }
  }
  const advance = (active: ActivePlan) => {
    while (running.size < active.concurrency) {
      const peer = waiting.shift()
      if (peer === undefined) return
      if (peer.removedAt !== undefined || !isProbed(active, transport)) busy.delete(peer)
      else runtime.background(run(peer, active))
    }
  }
  const run = async (peer: TrackedPeer, active: ActivePlan) => {
    const hostHeader = balancer.upstream?.host_header ?? undefined
    const probe = startProbe({ transport, plan: active, peer, hostHeader, now: runtime.now() })
    running.add(probe)
    try {
      balancer.probed(peer, await probe.report)
    } finally {
      running.delete(probe)
      busy.delete(peer)
      advance(balancer.plan.active)
    }
  }

  return {
    tick(now) {
      const { active } = balancer.plan
      if (active !== plan) due = reschedule(due, { before: plan, after: active, now })
      plan = active
      for (const probe of running) probe.expire(now)

      if (now >= due.up) enlist(true)
      if (now >= due.down) enlist(false)
      due = {
        up: following(due.up, active.upInterval, now),
        down: following(due.down, active.downInterval, now),
      }
      advance(active)
      return Math.min(due.up - now, due.down - now, running.size > 0 ? ATTENTION : IDLE)
    },
  }
}

const IDLE = Number.POSITIVE_INFINITY

interface Due {
  readonly up: number
  readonly down: number
}

/** Kong: the first probe comes one interval after the start. What stays the same goes on. */
function reschedule(
  due: Due,
  { before, after, now }: { before: ActivePlan | undefined; after: ActivePlan; now: number },
): Due {
  const first = (interval: number) => (interval > 0 ? now + interval : IDLE)
  return {
    up: before?.upInterval === after.upInterval ? due.up : first(after.upInterval),
    down: before?.downInterval === after.downInterval ? due.down : first(after.downInterval),
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

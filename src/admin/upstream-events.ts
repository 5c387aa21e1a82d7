import { eventText, type HealthEvent } from '../balancer/health-event.ts'
import type { Entity } from '../schema/entity.ts'
import { json } from './reply.ts'
import type { Resource } from './resource.ts'
import { withUpstream } from './targets.ts'
import type { HealthSources } from './upstream-health.ts'

/** `/upstreams/{upstream}/events`, which is ours: who went up or down, when and why. */
export function eventResource(upstream: Entity, sources: HealthSources): Resource {
  const { store, balancers, nodeId } = sources
  const show = withUpstream(upstream, store, (_call, { id }) =>
    json({ data: balancers.events(id).map(shownEvent), next: null, node_id: nodeId }),
  )
  return { pattern: '/upstreams/{upstreams}/events', handlers: { GET: show } }
}

/** Seconds, as everywhere on the wire. */
function shownEvent(event: HealthEvent): unknown {
  const { at, target, peer, from, to, reason, next } = event
  return {
    at: at / 1000,
    target: { id: target },
    address: peer,
    from,
    to,
    reason,
    next:
      next === undefined
        ? null
        : { by: next.by, at: next.at === undefined ? null : next.at / 1000 },
    text: eventText(event),
  }
}

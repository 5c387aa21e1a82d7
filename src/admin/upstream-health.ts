import type { Balancers } from '../balancer/balancers.ts'
import { canonicalTarget } from '../entities/target.ts'
import type { Row } from '../schema/entity.ts'
import type { EntityStore } from '../store/entity-store.ts'
import { json, message, NO_CONTENT, NOT_FOUND, type Reply } from './reply.ts'
import type { Call, Resource } from './resource.ts'
import {
  activeTargets,
  targetAt,
  targetPage,
  type UpstreamTables,
  withUpstream,
} from './targets.ts'
import { eventResource } from './upstream-events.ts'
import { shownStats } from './upstream-stats.ts'

/** What the Admin API asks of the balancers. */
export type HealthView = Pick<
  Balancers,
  'health' | 'summary' | 'mark' | 'lookedUp' | 'events' | 'stats' | 'look' | 'find'
>

/** What the health pages read. */
export interface HealthSources {
  readonly store: EntityStore
  readonly balancers: HealthView
  readonly nodeId: string
}

const TARGET = '/upstreams/{upstreams}/targets/{targets}'

/** Health as the balancer sees it, and the verbs that set it by hand. */
export function healthResources({ upstream }: UpstreamTables, sources: HealthSources): Resource[] {
  const show = withUpstream(upstream, sources.store, async (call, row) => {
    await sources.balancers.lookedUp(row.id)
    // Kong: no other word counts.
    if (call.query.first('balancer_health') === '1') return balancerHealth(row, sources)
    const shown = healthShower(row, sources.balancers, isOn(call.query.first('stats')))
    const more = { node_id: sources.nodeId }
    return targetPage(activeTargets(sources.store, row.id), call, more, shown)
  })
  return [
    { pattern: '/upstreams/{upstreams}/health', handlers: { GET: show } },
    eventResource(upstream, sources),
    ...['', '/{address}'].flatMap((address) =>
      [true, false].map((healthy): Resource => {
        const mark = withUpstream(upstream, sources.store, markHandler(sources, healthy))
        const verb = healthy ? 'healthy' : 'unhealthy'
        // Kong 3 takes PUT; go-kong still sends POST.
        return { pattern: `${TARGET}${address}/${verb}`, handlers: { PUT: mark, POST: mark } }
      }),
    ),
  ]
}

function isOn(value: string | true | undefined): boolean {
  return value === '1' || value === 'true' || value === 'on' || value === 'yes' || value === true
}

function balancerHealth(upstream: Row, { balancers, nodeId }: HealthSources): Reply {
  return json({ data: balancers.summary(upstream.id), next: null, node_id: nodeId })
}

/** Adds `health` and `data` to a target, without a balancer's word neither, and `stats` on demand. */
function healthShower(
  { id, name }: Row,
  balancers: HealthView,
  withStats: boolean,
): (row: Row) => unknown {
  const byId = new Map(balancers.health(id).map((row) => [row.targetId, row]))
  const stats = withStats ? balancers.stats(id) : []
  const look = withStats ? balancers.look(String(name)) : undefined
  return (row) => {
    const found = byId.get(row.id)
    const health = found === undefined ? {} : { health: found.health, data: found.data }
    if (!withStats) return { ...row, ...health }
    const own = stats.filter(({ target }) => target === row.id)
    return { ...row, ...health, stats: own.map((one) => shownStats(one, look)) }
  }
}

function markHandler({ store, balancers }: HealthSources, healthy: boolean) {
  return async (call: Call, upstream: Row): Promise<Reply> => {
    await balancers.lookedUp(upstream.id)
    const target = targetAt(store, upstream.id, call.param('targets'))
    if (target === undefined) return NOT_FOUND
    const address = call.find('address')
    const error = balancers.mark(
      upstream.id,
      target.id,
      address && canonicalTarget(address),
      healthy,
    )
    return error === undefined ? NO_CONTENT : message(400, error)
  }
}

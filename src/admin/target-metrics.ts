import type { Balancers } from '../balancer/balancers.ts'
import type { ShownTarget } from '../balancer/health-view.ts'
import type { PeerStats } from '../balancer/peer-stats.ts'
import type { Row } from '../schema/entity.ts'
import type { EntityStore } from '../store/entity-store.ts'
import type { Labels, Metric, Sample } from './metrics-text.ts'

/** What `/metrics` asks of the balancers. */
export type TargetsView = Pick<Balancers, 'health' | 'stats'>

const STATES = ['healthchecks_off', 'healthy', 'unhealthy', 'dns_error'] as const
const HEALTH_HELP =
  'Health status of targets of upstream. States = healthchecks_off|healthy|unhealthy|dns_error, ' +
  'value is 1 when state is populated.'

/** Kong's names for what serves requests and what serves sessions. */
export type Subsystem = 'http' | 'stream'

interface Wanted {
  readonly health: boolean
  /** Each tells the health of every target, here the same. */
  readonly subsystems: readonly Subsystem[]
}

/** What is known of every target; its health where that is asked for. */
export function targetMetrics(
  store: EntityStore,
  balancers: TargetsView,
  { health, subsystems }: Wanted,
): Metric[] {
  const upstreams = store.all('upstreams')
  const peers = upstreams.flatMap((upstream) =>
    balancers.stats(upstream.id).map((stats) => peerOf(upstream, stats, store)),
  )
  const samples = (figureOf: (stats: PeerStats) => number): Sample[] =>
    peers.map(({ labels, stats }) => ({ labels, value: figureOf(stats) }))
  return [
    {
      name: 'kong_upstream_target_health',
      help: HEALTH_HELP,
      type: 'gauge',
      samples: health
        ? subsystems.flatMap((subsystem) =>
            upstreams.flatMap((upstream) => healthSamples(upstream, balancers, subsystem)),
          )
        : [],
    },
    {
      name: 'gibbon_upstream_target_in_flight',
      help: 'Requests under way to a target',
      type: 'gauge',
      samples: samples(({ inFlight }) => inFlight),
    },
    {
      name: 'gibbon_upstream_target_requests_total',
      help: 'Requests sent to a target, retries included',
      type: 'counter',
      samples: samples(({ requests }) => requests),
    },
    {
      name: 'gibbon_upstream_target_failures_total',
      help: 'Of those, the ones without an answer or with a status from 500 on',
      type: 'counter',
      samples: samples(({ failures }) => failures),
    },
  ]
}

interface KnownPeer {
  readonly labels: Labels
  readonly stats: PeerStats
}

function peerOf(upstream: Row, stats: PeerStats, store: EntityStore): KnownPeer {
  const target = String(store.get('targets', stats.target)?.target ?? stats.peer)
  return { stats, labels: { upstream: String(upstream.name), target, address: stats.peer } }
}

function healthSamples({ id, name }: Row, balancers: TargetsView, subsystem: Subsystem): Sample[] {
  return balancers.health(id).flatMap(({ data }) => {
    const target = `${data.host}:${data.port}`
    return addressesOf(data).flatMap(({ address, health }) =>
      STATES.map((state) => ({
        labels: { upstream: String(name), target, address, state, subsystem },
        value: state === health ? 1 : 0,
      })),
    )
  })
}

/** Kong: a target without addresses is a name that cannot be resolved. */
function addressesOf({ addresses }: ShownTarget<{ readonly health: string }>) {
  if (addresses.length === 0) return [{ address: '', health: 'dns_error' }]
  return addresses.map(({ ip, port, health }) => ({
    address: `${ip}:${port}`,
    health: health.toLowerCase(),
  }))
}

import { KONG_BOUNDS, UPSTREAM_BOUNDS } from '../lib/latency-bounds.ts'
import type { CountConnections } from '../ports/connections.ts'
import type { CompiledRoute, CompiledService } from '../snapshot/compiled.ts'

/** One request that was answered; times in whole ms, undefined where there is none. */
export interface Counted {
  readonly service: CompiledService
  readonly route: CompiledRoute
  readonly status: number
  /** The service answered, not we. */
  readonly proxied: boolean
  readonly request: number
  readonly upstream: number | undefined
  readonly kong: number | undefined
  /** Bytes, heads included. */
  readonly ingress: number
  readonly egress: number
}

/** How many of what; the last count is of those above all bounds. */
export interface Histogram {
  readonly bounds: readonly number[]
  readonly counts: Float64Array
  readonly sum: number
}

/** What was counted of one service by one route. */
export interface Series {
  readonly service: string
  /** The route's name or id; empty once there are too many to tell apart. */
  readonly route: string
  readonly statuses: readonly { status: number; proxied: boolean; count: number }[]
  readonly request: Histogram
  readonly upstream: Histogram
  readonly kong: Histogram
  readonly ingress: number
  readonly egress: number
}

/** Counts what passes through the proxy of this process. */
export interface TrafficCounts {
  /** Requests that came, whatever became of them. */
  readonly total: number
  arrived(): void
  /** One that found no service, which Kong counts in none of its series. */
  unserved(status: number): void
  count(answered: Counted): void
  series(): readonly Series[]
  /** By status. */
  readonly withoutService: ReadonlyMap<number, number>
  /** Undefined where a platform listens, and tells nobody. */
  readonly connections?: CountConnections | undefined
}

/** Routes told apart at most; those beyond count by service, and then all together. */
const MOST_ROUTES = 1000
const MOST_SERVICES = 2000

/** Makes counts at 0. A request costs two look-ups and some additions to typed arrays. */
export function createTrafficCounts(connections?: CountConnections): TrafficCounts {
  const known = new WeakMap<CompiledRoute, { service: CompiledService; tally: Tally }>()
  const tallies = new Map<string, Tally>()
  const withoutService = new Map<number, number>()
  let total = 0

  const tallyOf = (route: CompiledRoute, service: CompiledService): Tally => {
    const before = known.get(route)
    if (before?.service === service) return before.tally
    const tally = labelled(tallies, service.name ?? service.host, route.name ?? route.id)
    known.set(route, { service, tally })
    return tally
  }
  return {
    get total() {
      return total
    },
    withoutService,
    connections,
    arrived() {
      total++
    },
    unserved(status) {
      withoutService.set(status, (withoutService.get(status) ?? 0) + 1)
    },
    count(answered) {
      add(tallyOf(answered.route, answered.service), answered)
    },
    series: () => [...tallies.values()].map(seriesOf),
  }
}

interface Tally {
  readonly service: string
  readonly route: string
  readonly statuses: { status: number; proxied: boolean; count: number }[]
  /** The buckets of the three histograms, each with its sum behind it, then bytes in and out. */
  readonly figures: Float64Array
}

const REQUEST = 0
const UPSTREAM = REQUEST + UPSTREAM_BOUNDS.length + 2
const KONG = UPSTREAM + UPSTREAM_BOUNDS.length + 2
const INGRESS = KONG + KONG_BOUNDS.length + 2
const EGRESS = INGRESS + 1
const FIGURES = EGRESS + 1

function labelled(tallies: Map<string, Tally>, service: string, route: string): Tally {
  const found = tallies.get(`${service}\n${route}`)
  if (found !== undefined) return found
  if (tallies.size < MOST_ROUTES || (route === '' && tallies.size < MOST_SERVICES)) {
    return newTally(tallies, service, route)
  }
  if (route !== '') return labelled(tallies, service, '')
  return tallies.get('\n') ?? newTally(tallies, '', '')
}

function newTally(tallies: Map<string, Tally>, service: string, route: string): Tally {
  const made = { service, route, statuses: [], figures: new Float64Array(FIGURES) }
  tallies.set(`${service}\n${route}`, made)
  return made
}

function add({ statuses, figures }: Tally, answered: Counted): void {
  const { status, proxied, request, upstream, kong } = answered
  countStatus(statuses, status, proxied)
  observe(figures, REQUEST, UPSTREAM_BOUNDS, request)
  if (upstream !== undefined) observe(figures, UPSTREAM, UPSTREAM_BOUNDS, upstream)
  if (kong !== undefined) observe(figures, KONG, KONG_BOUNDS, kong)
  increase(figures, INGRESS, answered.ingress)
  increase(figures, EGRESS, answered.egress)
}

/** There are few, so that looking through them beats a map. */
function countStatus(statuses: Tally['statuses'], status: number, proxied: boolean): void {
  for (const one of statuses) {
    if (one.status !== status || one.proxied !== proxied) continue
    one.count++
    return
  }
  statuses.push({ status, proxied, count: 1 })
}

function observe(
  figures: Float64Array,
  start: number,
  bounds: readonly number[],
  value: number,
): void {
  let bucket = 0
  while (value > (bounds[bucket] ?? Number.POSITIVE_INFINITY)) bucket++
  increase(figures, start + bucket, 1)
  increase(figures, start + bounds.length + 1, value)
}

function increase(figures: Float64Array, at: number, by: number): void {
  figures[at] = (figures[at] ?? 0) + by
}

function seriesOf({ service, route, statuses, figures }: Tally): Series {
  const histogram = (start: number, bounds: readonly number[]): Histogram => ({
    bounds,
    counts: figures.slice(start, start + bounds.length + 1),
    sum: figures[start + bounds.length + 1] ?? 0,
  })
  return {
    service,
    route,
    statuses: statuses.map((one) => ({ ...one })),
    request: histogram(REQUEST, UPSTREAM_BOUNDS),
    upstream: histogram(UPSTREAM, UPSTREAM_BOUNDS),
    kong: histogram(KONG, KONG_BOUNDS),
    ingress: figures[INGRESS] ?? 0,
    egress: figures[EGRESS] ?? 0,
  }
}

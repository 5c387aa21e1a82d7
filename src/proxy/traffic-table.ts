import { KONG_BOUNDS, UPSTREAM_BOUNDS } from '../lib/latency-bounds.ts'

/** What one answer adds to a row; times in whole ms, undefined where there is none. */
export interface Addition {
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

/** How often a service, or we for it, answered with a status. */
export interface StatusCount {
  readonly status: number
  readonly proxied: boolean
  readonly count: number
}

/** What was counted of one service by one route. */
export interface Series {
  readonly service: string
  /** The route's name or id; empty once there are too many to tell apart. */
  readonly route: string
  readonly statuses: readonly StatusCount[]
  readonly request: Histogram
  readonly upstream: Histogram
  readonly kong: Histogram
  readonly ingress: number
  readonly egress: number
}

/** Rows of figures, one for each service and route, all in one array. */
export interface TrafficTable {
  /** A new row's number. */
  add(service: string, route: string): number
  /** Whether a row is that service's, or that of all for whom there was no row left. */
  isOf(row: number, service: string): boolean
  count(row: number, addition: Addition): void
  series(): readonly Series[]
}

/** Where a histogram's figures stand in a row: the sum and the first bucket apart from the others. */
interface Place {
  readonly bounds: readonly number[]
  readonly sum: number
  readonly first: number
  readonly others: number
}

// Among many routes a row is seldom in the processor's cache. What nearly every request adds to
// comes first: eight numbers, one line of it.
const INGRESS = 0
const EGRESS = 1
const REQUEST: Place = { bounds: UPSTREAM_BOUNDS, sum: 2, first: 5, others: 8 }
const UPSTREAM: Place = { bounds: UPSTREAM_BOUNDS, sum: 3, first: 6, others: endOf(REQUEST) }
const KONG: Place = { bounds: KONG_BOUNDS, sum: 4, first: 7, others: endOf(UPSTREAM) }
const LINE = 8
const FIGURES = Math.ceil(endOf(KONG) / LINE) * LINE

const LEAST_ROWS = 16

/** Makes an empty table. */
export function createTrafficTable(): TrafficTable {
  let figures = new Float64Array(LEAST_ROWS * FIGURES)
  const services: string[] = []
  const routes: string[] = []
  const statuses: Counting[][] = []

  return {
    add(service, route) {
      const row = services.length
      services.push(service)
      routes.push(route)
      statuses.push([])
      if (services.length * FIGURES > figures.length) figures = doubled(figures)
      return row
    },
    isOf(row, service) {
      const own = services[row]
      return own === service || own === ''
    },
    count(row, { status, proxied, request, upstream, kong, ingress, egress }) {
      const at = row * FIGURES
      // What is left of all requests was answered so, which is the usual.
      if (status !== 200 || !proxied) countStatus(statuses[row] ?? [], status, proxied)
      observe(figures, at, REQUEST, request)
      if (upstream !== undefined) observe(figures, at, UPSTREAM, upstream)
      if (kong !== undefined) observe(figures, at, KONG, kong)
      increase(figures, at + INGRESS, ingress)
      increase(figures, at + EGRESS, egress)
    },
    series: () =>
      services.map((service, row) => {
        const own = figures.subarray(row * FIGURES, (row + 1) * FIGURES)
        const request = histogramOf(own, REQUEST)
        return {
          service,
          route: routes[row] ?? '',
          statuses: withUsual(statuses[row] ?? [], request),
          request,
          upstream: histogramOf(own, UPSTREAM),
          kong: histogramOf(own, KONG),
          ingress: own[INGRESS] ?? 0,
          egress: own[EGRESS] ?? 0,
        }
      }),
  }
}

interface Counting {
  readonly status: number
  readonly proxied: boolean
  count: number
}

/** A bucket for each bound but the first, and one above all of them. */
function endOf({ others, bounds }: Place): number {
  return others + bounds.length
}

function doubled(figures: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(figures.length * 2)
  larger.set(figures)
  return larger
}

/** There are few, so that looking through them beats a map. */
function countStatus(statuses: Counting[], status: number, proxied: boolean): void {
  for (const one of statuses) {
    if (one.status !== status || one.proxied !== proxied) continue
    one.count++
    return
  }
  statuses.push({ status, proxied, count: 1 })
}

/** With the 200s of the service itself, which nobody counted. */
function withUsual(statuses: readonly Counting[], { counts }: Histogram): readonly StatusCount[] {
  const all = counts.reduce((sum, count) => sum + count, 0)
  const usual = statuses.reduce((left, { count }) => left - count, all)
  const others = statuses.map((one) => ({ ...one }))
  return usual === 0 ? others : [{ status: 200, proxied: true, count: usual }, ...others]
}

function observe(figures: Float64Array, at: number, place: Place, value: number): void {
  const { bounds, sum, first, others } = place
  let bucket = 0
  while (value > (bounds[bucket] ?? Number.POSITIVE_INFINITY)) bucket++
  increase(figures, at + (bucket === 0 ? first : others + bucket - 1), 1)
  increase(figures, at + sum, value)
}

function increase(figures: Float64Array, at: number, by: number): void {
  figures[at] = (figures[at] ?? 0) + by
}

function histogramOf(row: Float64Array, { bounds, sum, first, others }: Place): Histogram {
  const counts = new Float64Array(bounds.length + 1)
  counts[0] = row[first] ?? 0
  counts.set(row.subarray(others, others + bounds.length), 1)
  return { bounds, counts, sum: row[sum] ?? 0 }
}

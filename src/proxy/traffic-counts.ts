import type { CountConnections } from '../ports/connections.ts'
import type { CompiledRoute, CompiledService } from '../snapshot/compiled.ts'
import { type Addition, createTrafficTable, type Series } from './traffic-table.ts'

/** One request that was answered. */
export interface Counted extends Addition {
  readonly service: CompiledService
  readonly route: CompiledRoute
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

/** Makes counts at 0. A request costs some additions to one row of numbers, which its route knows. */
export function createTrafficCounts(connections?: CountConnections): TrafficCounts {
  const table = createTrafficTable()
  const rows = new Map<string, number>()
  const withoutService = new Map<number, number>()
  let total = 0

  const newRow = (service: string, route: string): number => {
    const row = table.add(service, route)
    rows.set(`${service}\n${route}`, row)
    return row
  }
  const labelled = (service: string, route: string): number => {
    const found = rows.get(`${service}\n${route}`)
    if (found !== undefined) return found
    if (rows.size < MOST_ROUTES || (route === '' && rows.size < MOST_SERVICES)) {
      return newRow(service, route)
    }
    if (route !== '') return labelled(service, '')
    return rows.get('\n') ?? newRow('', '')
  }
  const rowOf = (route: CompiledRoute, { name, host }: CompiledService): number => {
    const service = name ?? host
    const { countedIn } = route
    // A service may have another name by now, or there may be too many to tell this one apart.
    if (countedIn !== undefined && table.isOf(countedIn, service)) return countedIn
    const row = labelled(service, route.name ?? route.id)
    route.countedIn = row
    return row
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
      table.count(rowOf(answered.route, answered.service), answered)
    },
    series: table.series,
  }
}

import { percentile } from './figures.ts'
import type { Measured } from './metrics.ts'

/** What was counted of a service until a time, in ms. */
export interface ServiceCounts {
  readonly at: number
  readonly services: ReadonlyMap<string, Counted>
}

interface Counted {
  readonly requests: number
  /** Answers with a status from 500 on. */
  readonly errors: number
  /** Answers up to each bound in ms, not added up. */
  readonly bounds: readonly number[]
  readonly counts: readonly number[]
}

/** What became of a service. */
export interface ServiceFigures {
  readonly service: string
  readonly requests: number
  readonly errors: number
  readonly perSecond: number
  readonly errorRatio: number | undefined
  readonly p50: number | undefined
  readonly p99: number | undefined
}

const WINDOW = 60_000

/** Takes from the metrics what is told by services. */
export function countsOf(metrics: readonly Measured[], at: number): ServiceCounts {
  const names = new Set<string>()
  for (const { name, labels } of metrics) {
    if (name === 'kong_http_requests_total' && labels.service) names.add(labels.service)
  }
  const found = [...names].map((service): [string, Counted] => {
    const own = metrics.filter(({ labels }) => labels.service === service)
    const requests = own.filter(({ name }) => name === 'kong_http_requests_total')
    const errors = requests.filter(({ labels }) => Number(labels.code) >= 500)
    return [service, { requests: total(requests), errors: total(errors), ...bucketsOf(own) }]
  })
  return { at, services: new Map(found) }
}

/** Prometheus' buckets hold all up to their bound; those of several routes are added up. */
function bucketsOf(own: readonly Measured[]): Pick<Counted, 'bounds' | 'counts'> {
  const below = new Map<number, number>()
  for (const { name, labels, value } of own) {
    if (name !== 'kong_request_latency_ms_bucket') continue
    const bound = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le)
    below.set(bound, (below.get(bound) ?? 0) + value)
  }
  const sorted = [...below].sort(([a], [b]) => a - b)
  return {
    bounds: sorted.map(([bound]) => bound).filter(Number.isFinite),
    counts: sorted.map(([, count], at) => count - (sorted[at - 1]?.[1] ?? 0)),
  }
}

/** The counts with one more; of what is too old one stays to be held against. */
export function withCounts(
  kept: readonly ServiceCounts[],
  counts: ServiceCounts,
): readonly ServiceCounts[] {
  const old = kept.findLastIndex(({ at }) => at <= counts.at - WINDOW)
  return [...kept.slice(Math.max(0, old)), counts]
}

/** What the counts tell: sums since the start, the rest of the last minute. */
export function serviceFigures(kept: readonly ServiceCounts[]): readonly ServiceFigures[] {
  const [first] = kept
  const last = kept.at(-1)
  if (first === undefined || last === undefined) return []
  const seconds = (last.at - first.at) / 1000
  return [...last.services]
    .map(([service, now]) => {
      const then = first === last ? undefined : first.services.get(service)
      const fresh = since(now, then)
      const answers = fresh.requests > 0 ? fresh : now
      return {
        service,
        requests: now.requests,
        errors: now.errors,
        perSecond: seconds > 0 && then !== undefined ? fresh.requests / seconds : 0,
        errorRatio: answers.requests === 0 ? undefined : answers.errors / answers.requests,
        p50: percentile(answers.counts, answers.bounds, 0.5),
        p99: percentile(answers.counts, answers.bounds, 0.99),
      }
    })
    .sort((a, b) => b.perSecond - a.perSecond || b.requests - a.requests)
}

/** Counters that fell began anew. */
function since(now: Counted, then: Counted | undefined): Counted {
  if (then === undefined || now.requests < then.requests) return now
  return {
    requests: now.requests - then.requests,
    errors: Math.max(0, now.errors - then.errors),
    bounds: now.bounds,
    counts: now.counts.map((count, at) => Math.max(0, count - (then.counts[at] ?? 0))),
  }
}

function total(measured: readonly Measured[]): number {
  return measured.reduce((sum, { value }) => sum + value, 0)
}

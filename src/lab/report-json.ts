import type { LatencyFigures, PeriodFigures } from './figures.ts'
import type { Comparison } from './simulate.ts'

/** A comparison as one JSON document, for programs; times in milliseconds. */
export function reportJson({ scenario, results }: Comparison): string {
  const { title, seed, duration } = scenario
  const algorithms = results.map(({ algorithm, whole, phases, slices }) => ({
    algorithm,
    ...periodOf(whole),
    phases: phases.map(({ name, ...period }) => ({ name, ...periodOf(period) })),
    slices: slices.map(({ from, latency, shares }) => ({
      from_ms: from,
      latency_ms: latencyOf(latency),
      shares,
    })),
  }))
  return `${JSON.stringify({ title, seed, duration_ms: duration, algorithms }, null, 2)}\n`
}

function periodOf({ from, to, latency, fairness, targets, ...counts }: PeriodFigures) {
  return {
    from_ms: from,
    to_ms: to,
    requests: counts.requests,
    failed: counts.failed,
    retries: counts.retries,
    latency_ms: latencyOf(latency),
    fairness: fairness ?? null,
    targets: targets.map(({ name, group, tries, share, utilisation, inside, hits }) => ({
      name,
      group,
      requests: tries,
      share,
      utilisation: utilisation ?? null,
      in_flight: inside,
      from_cache: hits ?? null,
    })),
  }
}

function latencyOf(latency: LatencyFigures | undefined) {
  return latency ?? null
}

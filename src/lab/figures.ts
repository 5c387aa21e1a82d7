import { createHistogram, type Histogram } from './histogram.ts'
import type { Scenario, TargetPlan } from './scenario.ts'

/** How one algorithm fared. */
export interface AlgorithmFigures {
  readonly algorithm: string
  readonly whole: PeriodFigures
  /** Those the scenario names. */
  readonly phases: readonly (PeriodFigures & { readonly name: string })[]
  /** The time cut evenly, for a chart. */
  readonly slices: readonly SliceFigures[]
}

/** What happened to the requests that came within a period; times in milliseconds. */
export interface PeriodFigures {
  readonly from: number
  readonly to: number
  readonly requests: number
  /** Without an answer, or with a status from 500 on. */
  readonly failed: number
  /** Tries beyond each request's first. */
  readonly retries: number
  /** From a client's sending to its answer, retries included, of those that did not fail. */
  readonly latency: LatencyFigures | undefined
  readonly targets: readonly TargetFigures[]
  /** Jain's index of what each target got for its weight: 1 is fair, 1/n is all for one. */
  readonly fairness: number | undefined
}

export interface LatencyFigures {
  readonly mean: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

export interface TargetFigures {
  readonly name: string
  readonly group: string
  /** Requests sent there, retries included, and their share of all of those. */
  readonly tries: number
  readonly share: number
  /** The part of its capacity that was at work; undefined when that has no bounds. */
  readonly utilisation: number | undefined
  /** Requests there at a time, at work or queueing, on average. */
  readonly inside: number
  /** The part of its answers that came out of its cache; undefined when it has none. */
  readonly hits: number | undefined
}

export interface SliceFigures {
  readonly from: number
  readonly latency: LatencyFigures | undefined
  /** By target. */
  readonly shares: readonly number[]
}

/** What targets have done up to a moment. */
export type Reading = readonly { readonly busy: number; readonly inside: number }[]

/** Takes in what happens, and tells the figures at the end. */
export interface Recorder {
  /** The moments at which the targets are to be read. */
  readonly edges: readonly number[]
  read(at: number, reading: Reading): void
  tried(at: number, target: number, isRetry: boolean): void
  answered(at: number, target: number, fromCache: boolean): void
  /** A request that came at `at` has ended. */
  ended(at: number, took: number, failed: boolean): void
  figures(algorithm: string): AlgorithmFigures
}

const SLICES = 60

interface Period {
  readonly from: number
  readonly to: number
  readonly latencies: Histogram
  requests: number
  failed: number
  retries: number
  readonly tries: Uint32Array
  readonly answers: Uint32Array
  readonly hits: Uint32Array
}

/** Makes a recorder for one run. */
export function createRecorder(scenario: Scenario): Recorder {
  const { duration, phases, targets } = scenario
  const periods = openPeriods(scenario)
  const readings = new Map<number, Reading>()
  const tell = (period: Period) => figuresOf(period, targets, readings)
  const each = eachOf(periods, duration)

  return {
    edges: [...new Set([0, duration, ...phases.flatMap(({ from, to }) => [from, to])])],
    read: (at, reading) => readings.set(at, reading),
    tried(at, target, isRetry) {
      each(at, (period) => {
        count(period.tries, target)
        if (isRetry) period.retries++
      })
    },
    answered(at, target, fromCache) {
      each(at, ({ answers, hits }) => {
        count(answers, target)
        if (fromCache) count(hits, target)
      })
    },
    ended(at, took, failed) {
      each(at, (period) => {
        period.requests++
        if (failed) period.failed++
        else period.latencies.add(took)
      })
    },
    figures: (algorithm) => ({
      algorithm,
      whole: tell(periods.whole),
      phases: periods.phases.map((period, i) => ({ name: phases[i]?.name ?? '', ...tell(period) })),
      slices: periods.slices.map(sliceOf),
    }),
  }
}

function sliceOf({ from, latencies, tries }: Period): SliceFigures {
  return { from, latency: latencyOf(latencies), shares: sharesOf(tries) }
}

interface Periods {
  readonly whole: Period
  readonly phases: readonly Period[]
  readonly slices: readonly Period[]
}

function openPeriods({ duration, phases, targets }: Scenario): Periods {
  const open = (from: number, to: number) => openPeriod(from, to, targets.length)
  const length = duration / SLICES
  return {
    whole: open(0, duration),
    phases: phases.map(({ from, to }) => open(from, to)),
    slices: Array.from({ length: SLICES }, (_, i) => open(i * length, (i + 1) * length)),
  }
}

/** Has all periods that a moment is in take something in. */
function eachOf(
  { whole, phases, slices }: Periods,
  duration: number,
): (at: number, note: (period: Period) => void) => void {
  const length = duration / SLICES
  return (at, note) => {
    note(whole)
    const slice = slices[Math.floor(at / length)]
    if (slice !== undefined) note(slice)
    // What is tried again after the end belongs to the last phase.
    const moment = Math.min(at, duration * (1 - Number.EPSILON))
    for (const period of phases) if (moment >= period.from && moment < period.to) note(period)
  }
}

function openPeriod(from: number, to: number, targets: number): Period {
  return {
    from,
    to,
    latencies: createHistogram(),
    requests: 0,
    failed: 0,
    retries: 0,
    tries: new Uint32Array(targets),
    answers: new Uint32Array(targets),
    hits: new Uint32Array(targets),
  }
}

function count(counts: Uint32Array, at: number): void {
  counts[at] = (counts[at] ?? 0) + 1
}

function figuresOf(
  period: Period,
  plans: readonly TargetPlan[],
  readings: ReadonlyMap<number, Reading>,
): PeriodFigures {
  const { from, to, requests, failed, retries, latencies, tries } = period
  const shares = sharesOf(tries)
  const [before, after] = [readings.get(from), readings.get(to)]
  const targets = plans.map((plan, i): TargetFigures => {
    const present = presence(plan, period)
    const busy = (after?.[i]?.busy ?? 0) - (before?.[i]?.busy ?? 0)
    const inside = (after?.[i]?.inside ?? 0) - (before?.[i]?.inside ?? 0)
    const capacity = plan.concurrency * present
    const answers = period.answers[i] ?? 0
    return {
      name: plan.name,
      group: plan.group,
      tries: tries[i] ?? 0,
      share: shares[i] ?? 0,
      utilisation: Number.isFinite(capacity) && capacity > 0 ? busy / capacity : undefined,
      inside: present > 0 ? inside / present : 0,
      hits: plan.cache === undefined || answers === 0 ? undefined : (period.hits[i] ?? 0) / answers,
    }
  })
  const latency = latencyOf(latencies)
  return {
    from,
    to,
    requests,
    failed,
    retries,
    latency,
    targets,
    fairness: fairness(targets, plans, period),
  }
}

function latencyOf(latencies: Histogram): LatencyFigures | undefined {
  if (latencies.count === 0) return undefined
  const at = (share: number) => latencies.percentile(share) ?? 0
  const { mean, max } = latencies
  return { mean, p50: at(0.5), p90: at(0.9), p99: at(0.99), max }
}

function sharesOf(tries: Uint32Array): number[] {
  const all = tries.reduce((sum, one) => sum + one, 0)
  return Array.from(tries, (one) => (all === 0 ? 0 : one / all))
}

function fairness(
  targets: readonly TargetFigures[],
  plans: readonly TargetPlan[],
  period: Period,
): number | undefined {
  const got = plans.flatMap((plan, i) => {
    const due = plan.weight * presence(plan, period)
    return due > 0 ? [(targets[i]?.tries ?? 0) / due] : []
  })
  const sum = got.reduce((all, one) => all + one, 0)
  const squares = got.reduce((all, one) => all + one * one, 0)
  return squares === 0 ? undefined : (sum * sum) / (got.length * squares)
}

/** For how long a target was configured within a period. */
function presence({ joins, leaves }: TargetPlan, { from, to }: Period): number {
  return Math.max(0, Math.min(leaves, to) - Math.max(joins, from))
}

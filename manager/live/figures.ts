import type { LiveTarget } from './read-targets.ts'

/** All targets as they were at a time, in ms. */
export interface Sample {
  readonly at: number
  readonly targets: ReadonlyMap<string, LiveTarget>
}

/** What became of a target lately. */
export interface Figures {
  /** Of all requests of the last seconds; undefined when there were none. */
  readonly share: number | undefined
  readonly perSecond: number
  /** Of its own, in the last minute. */
  readonly errorRatio: number | undefined
  readonly p50: number | undefined
  readonly p99: number | undefined
  /** Its latency over the last minutes, oldest first; a gap where there was none. */
  readonly latencies: readonly (number | undefined)[]
}

/** How long samples are kept, and what the figures look back on, in ms. */
const KEPT = 180_000
const SHARE_WINDOW = 10_000
const QUALITY_WINDOW = 60_000

/** The samples with one more; what is too old goes. */
export function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  return [...samples.filter(({ at }) => at > sample.at - KEPT), sample]
}

/** A sample of what was just read. */
export function sampleOf(targets: readonly LiveTarget[], at: number): Sample {
  return { at, targets: new Map(targets.map((target) => [target.id, target])) }
}

/** What the samples tell of each target that is there now. */
export function figuresOf(samples: readonly Sample[]): ReadonlyMap<string, Figures> {
  const last = samples.at(-1)
  const found = new Map<string, Figures>()
  if (last === undefined) return found
  const recent = before(samples, last.at - SHARE_WINDOW)
  const minute = before(samples, last.at - QUALITY_WINDOW)
  const sent = new Map(
    [...last.targets].map(([id, now]) => [id, grown(now.requests, recent, id, 'requests')]),
  )
  const all = [...sent.values()].reduce((total, count) => total + count, 0)
  const seconds = recent === undefined ? 0 : (last.at - recent.at) / 1000
  for (const [id, now] of last.targets) {
    const own = sent.get(id) ?? 0
    const requests = grown(now.requests, minute, id, 'requests')
    const failures = grown(now.failures, minute, id, 'failures')
    found.set(id, {
      share: all === 0 ? undefined : own / all,
      perSecond: seconds === 0 ? 0 : own / seconds,
      errorRatio: requests === 0 ? undefined : Math.min(1, failures / requests),
      ...percentiles(now, minute?.targets.get(id)),
      latencies: samples.map((sample) => sample.targets.get(id)?.ewma),
    })
  }
  return found
}

/** The newest sample from before a time, or else the oldest there is; none of one alone. */
function before(samples: readonly Sample[], at: number): Sample | undefined {
  if (samples.length < 2) return undefined
  return samples.findLast((sample) => sample.at <= at) ?? samples[0]
}

/** What a counter grew by. One that fell began anew. */
function grown(
  now: number,
  since: Sample | undefined,
  id: string,
  name: 'requests' | 'failures',
): number {
  if (since === undefined) return 0
  const then = since.targets.get(id)?.[name] ?? 0
  return now < then ? now : now - then
}

/** Of the answers since then; of all there were when there were none since. */
function percentiles(now: LiveTarget, then: LiveTarget | undefined) {
  const since = now.counts.map((count, at) => count - (then?.counts[at] ?? 0))
  const isNew = since.every((count) => count >= 0) && since.some((count) => count > 0)
  const counts = isNew ? since : now.counts
  return {
    p50: percentile(counts, now.bounds, 0.5),
    p99: percentile(counts, now.bounds, 0.99),
  }
}

/** The latency that so many of the answers stay within, read off the buckets. */
export function percentile(
  counts: readonly number[],
  bounds: readonly number[],
  share: number,
): number | undefined {
  let left = share * counts.reduce((total, count) => total + count, 0)
  for (const [at, count] of counts.entries()) {
    if (count > 0 && left <= count) {
      const low = bounds[at - 1] ?? 0
      const high = bounds[at] ?? low
      return low + ((high - low) * left) / count
    }
    left -= count
  }
  return undefined
}

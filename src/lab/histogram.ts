/** Latencies by their order of magnitude: each bucket is a quarter percent wider than the one before. */
export interface Histogram {
  add(milliseconds: number): void
  readonly count: number
  readonly mean: number
  /** Exact. */
  readonly max: number
  /** What that share of them stay within, to a seventh of a percent; undefined when there are none. */
  percentile(share: number): number | undefined
}

const LEAST = 0.001
const PER_DOUBLING = 256
const BUCKETS = 32 * PER_DOUBLING

/** Makes an empty one, for 1 us to 70 min. */
export function createHistogram(): Histogram {
  const buckets = new Uint32Array(BUCKETS)
  let count = 0
  let sum = 0
  let max = 0

  return {
    add(milliseconds) {
      const bucket = bucketOf(milliseconds)
      buckets[bucket] = (buckets[bucket] ?? 0) + 1
      count++
      sum += milliseconds
      if (milliseconds > max) max = milliseconds
    },
    get count() {
      return count
    },
    get mean() {
      return count === 0 ? 0 : sum / count
    },
    get max() {
      return max
    },
    percentile(share) {
      if (count === 0) return undefined
      let left = Math.max(1, Math.ceil(share * count))
      for (let bucket = 0; bucket < BUCKETS; bucket++) {
        left -= buckets[bucket] ?? 0
        if (left <= 0) return Math.min(max, middleOf(bucket))
      }
      return max
    },
  }
}

function bucketOf(milliseconds: number): number {
  if (milliseconds <= LEAST) return 0
  return Math.min(BUCKETS - 1, Math.ceil(Math.log2(milliseconds / LEAST) * PER_DOUBLING))
}

function middleOf(bucket: number): number {
  return bucket === 0 ? 0 : LEAST * 2 ** ((bucket - 0.5) / PER_DOUBLING)
}

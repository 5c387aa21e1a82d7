/** What a load brought: answers, failures, requests a second, percentiles in ms. */
export function summary({ latencies, failed }, ms) {
  latencies.sort((a, b) => a - b)
  const count = latencies.length
  return {
    count,
    failed,
    rps: (count / ms) * 1000,
    p50: at(latencies, 0.5),
    p99: at(latencies, 0.99),
    most: latencies.at(-1) ?? 0,
  }
}

/** The middle one of some numbers. */
export function median(values) {
  return at(
    [...values].sort((a, b) => a - b),
    0.5,
  )
}

function at(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

/** How long something takes, by its median and the time that 99 of 100 stay within; milliseconds. */
export interface Latency {
  readonly distribution: 'fixed' | 'normal' | 'lognormal' | 'exponential'
  readonly p50: number
  /** Undefined for a fixed one, and for an exponential one that begins at nought. */
  readonly p99: number | undefined
}

/** Draws a time from two throws of the dice. */
export type Sample = (first: number, second: number) => number

/** How far, in standard deviations, the 99th percentile of a normal distribution is from its middle. */
const Z99 = 2.326_347_874

/** Makes what draws from a distribution; the shortest time is nought. */
export function sampleOf({ distribution, p50, p99 = p50 }: Latency): Sample {
  switch (distribution) {
    case 'fixed':
      return () => p50
    case 'normal': {
      const deviation = (p99 - p50) / Z99
      return (first, second) => Math.max(0, p50 + deviation * normal(first, second))
    }
    case 'lognormal': {
      const deviation = Math.log(p99 / p50) / Z99
      return (first, second) => p50 * Math.exp(deviation * normal(first, second))
    }
    case 'exponential': {
      const { least, mean } = exponentialOf(p50, p99)
      return (first) => least - mean * Math.log(first)
    }
  }
}

/** The longest tail, as a share of the median, of an exponential distribution that begins at nought. */
export const EXPONENTIAL_TAIL = Math.log(100) / Math.LN2

/** The one that begins where both percentiles fit; at nought when there is but the median. */
function exponentialOf(p50: number, p99: number): { least: number; mean: number } {
  if (p99 === p50) return { least: 0, mean: p50 / Math.LN2 }
  const mean = (p99 - p50) / Math.log(50)
  return { least: Math.max(0, p50 - mean * Math.LN2), mean }
}

/** Box and Muller's way from two even throws to a normal one. */
function normal(first: number, second: number): number {
  return Math.sqrt(-2 * Math.log(first)) * Math.cos(2 * Math.PI * second)
}

/** How keys are spread over requests. */
export interface Keys {
  readonly count: number
  readonly spread: 'uniform' | 'zipf'
  /** Of zipf: the k-th key comes as often as 1 / k to this power. */
  readonly exponent: number
}

/** Makes what draws a key's number, from 0, by one throw of the dice. */
export function keyOf({ count, spread, exponent }: Keys): (throw_: number) => number {
  if (spread === 'uniform') return (throw_) => Math.floor(throw_ * count)
  const ends = new Float64Array(count)
  let sum = 0
  for (let i = 0; i < count; i++) {
    sum += (i + 1) ** -exponent
    ends[i] = sum
  }
  return (throw_) => firstAbove(ends, throw_ * sum)
}

function firstAbove(ends: Float64Array, value: number): number {
  let low = 0
  let high = ends.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (value < (ends[middle] ?? 0)) high = middle
    else low = middle + 1
  }
  return low
}

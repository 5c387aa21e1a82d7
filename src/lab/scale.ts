/** Turns values into places along an axis. */
export interface Scale {
  at(value: number): number
  /** Values to write at the axis. */
  readonly ticks: readonly number[]
}

/** A span of an axis, in the drawing. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Each step a multiple of the one before: for what is ten times longer in a bad moment. */
export function logScale(values: readonly number[], { from, to }: Span): Scale {
  const known = values.filter((value) => value > 0)
  const low = Math.min(...known, 1_000)
  const high = Math.max(...known, low)
  const least = 10 ** Math.floor(Math.log10(low) + 0.05)
  const most = 10 ** Math.max(Math.ceil(Math.log10(high) - 0.05), Math.log10(least) + 1)
  const decades = Math.round(Math.log10(most / least))
  return {
    at(value) {
      const part = Math.log(Math.max(value, least) / least) / Math.log(most / least)
      return from + Math.min(1, part) * (to - from)
    },
    ticks: Array.from({ length: decades + 1 }, (_, i) => least * 10 ** i),
  }
}

/** Even steps from nought. */
export function linearScale(most: number, { from, to }: Span, steps = 4): Scale {
  const step = niceStep(most / steps)
  return {
    at: (value) => from + (value / most) * (to - from),
    ticks: Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, i) => i * step),
  }
}

/** Seconds and minutes are counted by sixties, what is below a second by tens. */
export function timeScale(duration: number, span: Span): Scale {
  const { at } = linearScale(duration, span)
  const step = TIME_STEPS.find((one) => duration / one <= 4) ?? niceStep(duration / 4)
  return {
    at,
    ticks: Array.from({ length: Math.floor(duration / step) + 1 }, (_, i) => i * step),
  }
}

const TIME_STEPS = [
  10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000,
  600_000, 1_800_000, 3_600_000,
]

/** 1, 2 or 5 times a power of ten, no smaller than asked for. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return power * ([1, 2, 5].find((one) => one * power >= least - 1e-12) ?? 10)
}

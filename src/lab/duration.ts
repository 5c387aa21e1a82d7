const UNITS: ReadonlyMap<string, number> = new Map([
  ['us', 0.001],
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
])

/** Reads a time with its unit, such as `250ms`, in milliseconds; undefined when it is none. */
export function parseDuration(value: unknown): number | undefined {
  if (value === 0) return 0
  if (typeof value !== 'string') return undefined
  const [, amount, unit] = /^(\d{1,9}(?:\.\d{1,9})?) ?(us|ms|s|m|h)$/.exec(value) ?? []
  const scale = UNITS.get(unit ?? '')
  return scale === undefined ? undefined : Number(amount) * scale
}

/** Writes milliseconds for a person, to three digits that count. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${digits(milliseconds)} ms`
  if (milliseconds < 120_000) return `${digits(milliseconds / 1_000)} s`
  return `${digits(milliseconds / 60_000)} min`
}

/** As short as it can be: for the axis of a chart. */
export function shortDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0'
  return formatDuration(milliseconds).replace(/\.0+(?= )/, '')
}

function digits(value: number): string {
  if (value === 0 || value >= 99.95) return value.toFixed(0)
  return value.toFixed(value >= 9.995 ? 1 : 2)
}

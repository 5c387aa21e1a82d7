/** When something happened, as `5 min ago`; the exact time is its title. `at` in seconds, as Kong's. */
export function TimeAgo({ at }: { at: unknown }) {
  if (typeof at !== 'number') return <span class="soft">–</span>
  const date = new Date(at * 1000)
  return (
    <time datetime={date.toISOString()} title={date.toLocaleString()}>
      {agoText((Date.now() - date.getTime()) / 1000)}
    </time>
  )
}

const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [86_400 * 365, 'y'],
  [86_400 * 30, 'mo'],
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
]

/** `just now`, `5 min ago`, `in 3 d`. */
export function agoText(seconds: number): string {
  const length = Math.abs(seconds)
  const unit = UNITS.find(([size]) => length >= size)
  if (unit === undefined) return 'just now'
  const text = `${Math.floor(length / unit[0])} ${unit[1]}`
  return seconds < 0 ? `in ${text}` : `${text} ago`
}

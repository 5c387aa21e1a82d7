import { HEIGHT, sparkPath, WIDTH } from './spark-path.ts'

/** A line of what a figure was over the last minutes; it breaks where there was none. */
export function Sparkline({
  values,
  label,
}: {
  values: readonly (number | undefined)[]
  label: string
}) {
  return (
    <svg
      class="sparkline"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={label}
    >
      <path d={sparkPath(values)} />
    </svg>
  )
}

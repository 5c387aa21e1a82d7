import { type Place, timeAxis, valueAxis } from './chart-axes.ts'
import { shortDuration } from './duration.ts'
import type { SliceFigures } from './figures.ts'
import type { Scale } from './scale.ts'
import { element, round, type Svg, text } from './svg.ts'

/** The percentiles that are drawn. */
export const LATENCY_LINES = ['p50', 'p90', 'p99'] as const

/** One algorithm's percentiles over time. */
export function latencyPanel(
  slices: readonly SliceFigures[],
  place: Place & { readonly latency: Scale },
): Svg {
  const { time, latency } = place
  const lines = LATENCY_LINES.map((name) => {
    const points = slices.map(({ from, latency: figures }, i) => {
      const to = slices[i + 1]?.from ?? from
      const value = figures?.[name]
      return value === undefined
        ? undefined
        : ([time.at((from + to) / 2), latency.at(value)] as const)
    })
    return element('path', { class: `line ${name}`, d: pathOf(points) }, [
      element('title', {}, [text(name)]),
    ])
  })
  return element('g', {}, [
    ...valueAxis(place, latency, shortDuration),
    ...timeAxis(place),
    ...lines,
  ])
}

/** A line that breaks off where nothing is known; a point alone shows as a dot. */
function pathOf(points: readonly (readonly [number, number] | undefined)[]): string {
  let path = ''
  let isDrawing = false
  for (const point of points) {
    if (point === undefined) isDrawing = false
    else {
      const place = `${round(point[0])} ${round(point[1])}`
      path += isDrawing ? `L${place}` : `M${place}h0`
      isDrawing = true
    }
  }
  return path === '' ? 'M0 0' : path
}

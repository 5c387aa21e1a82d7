import { LATENCY_LINES, latencyPanel } from './chart-latency.ts'
import { type Area, areasOf, sharePanel } from './chart-shares.ts'
import { PALETTE_SIZE, STYLE } from './chart-style.ts'
import { formatDuration } from './duration.ts'
import { groupsOf } from './groups.ts'
import { logScale, timeScale } from './scale.ts'
import type { Comparison } from './simulate.ts'
import { element, label, type Svg, text } from './svg.ts'

const LEFT = 62
const PANEL = 240
const GAP = 26
const TOP = 68
const LATENCY_HEIGHT = 170
const SHARE_TOP = TOP + LATENCY_HEIGHT + 44
const SHARE_HEIGHT = 120
const LEGEND_TOP = SHARE_TOP + SHARE_HEIGHT + 44
const LEGEND_LINE = 20

/** Draws a comparison: for each algorithm its latencies over time, and what each target got. */
export function chartSvg(comparison: Comparison): string {
  const { scenario, results } = comparison
  const panels = results.length * PANEL + (results.length - 1) * GAP
  const width = Math.max(LEFT + panels + 20, LEAST_WIDTH)
  const areas = areasOf(scenario.targets)
  const legend = legendOf(
    areas.map(({ name }) => name),
    width,
  )
  const height = LEGEND_TOP + legend.lines * LEGEND_LINE + 6
  const size = { width, height }
  const drawn = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      ...size,
      role: 'img',
      'aria-labelledby': 'title desc',
    },
    [
      element('title', { id: 'title' }, [text(scenario.title)]),
      element('desc', { id: 'desc' }, [text(descriptionOf(comparison))]),
      element('style', {}, [text(STYLE)]),
      element('rect', { class: 'paper', ...size, rx: 6 }),
      label(scenario.title, { class: 'title', x: LEFT, y: 28 }),
      label('latency', { class: 'tick end', x: LEFT - 6, y: TOP - 12 }),
      label('requests', { class: 'tick end', x: LEFT - 6, y: SHARE_TOP - 12 }),
      ...panelsOf(comparison, areas),
      ...legend.drawn,
    ],
  )
  return `${drawn}\n`
}

/** A column for each algorithm, all on the same scales. */
function panelsOf({ scenario, results }: Comparison, areas: readonly Area[]): Svg[] {
  const { duration, phases } = scenario
  const latencies = results.flatMap(({ slices }) =>
    slices.flatMap(({ latency: figures }) => [figures?.p50 ?? 0, figures?.p99 ?? 0]),
  )
  const latency = logScale(latencies, { from: TOP + LATENCY_HEIGHT, to: TOP })
  return results.flatMap(({ algorithm, slices }, i) => {
    const left = LEFT + i * (PANEL + GAP)
    const right = left + PANEL
    const time = timeScale(duration, { from: left, to: right })
    const place = { left, right, isFirst: i === 0, time, phases }
    return [
      label(algorithm, { class: 'name', x: left, y: TOP - 12 }),
      latencyPanel(slices, { ...place, top: TOP, bottom: TOP + LATENCY_HEIGHT, latency }),
      sharePanel(slices, areas, { ...place, top: SHARE_TOP, bottom: SHARE_TOP + SHARE_HEIGHT }),
    ]
  })
}

/** Room for a title and a legend beside a single panel. */
const LEAST_WIDTH = 560

/** The same in words, for who does not see it. */
function descriptionOf({ results }: Comparison): string {
  const said = results.map(({ algorithm, whole: { latency, failed, targets } }) => {
    const times =
      latency === undefined
        ? 'no answers'
        : `p50 ${formatDuration(latency.p50)}, p90 ${formatDuration(latency.p90)}, p99 ${formatDuration(latency.p99)}`
    const shares = groupsOf(targets).map(
      ({ name, share }) => `${name} ${(share * 100).toFixed(1)} %`,
    )
    return `${algorithm}: ${times}; ${failed} failed; shares ${shares.join(', ')}.`
  })
  return `Latency percentiles over time and the share of each target. ${said.join(' ')}`
}

interface Legend {
  readonly drawn: readonly Svg[]
  readonly lines: number
}

/** One entry after the other, on as many lines as it takes. */
function legendOf(areas: readonly string[], width: number): Legend {
  const drawn: Svg[] = []
  let [x, line] = [LEFT, 0]
  const put = (name: string, mark: (x: number, y: number) => Svg) => {
    const room = 34 + name.length * 6.6
    if (x + room > width && x > LEFT) [x, line] = [LEFT, line + 1]
    const y = LEGEND_TOP + line * LEGEND_LINE
    drawn.push(mark(x, y), label(name, { class: 'key', x: x + 20, y }))
    x += room
  }
  for (const name of LATENCY_LINES) {
    put(name, (at, y) => element('path', { class: `line ${name}`, d: `M${at} ${y - 4}h15` }))
  }
  for (const [i, name] of areas.entries()) {
    put(name, (at, y) =>
      element('rect', {
        class: `area a${i % PALETTE_SIZE}`,
        x: at,
        y: y - 9,
        width: 14,
        height: 10,
      }),
    )
  }
  return { drawn, lines: line + 1 }
}

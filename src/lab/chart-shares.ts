import { type Place, timeAxis, valueAxis } from './chart-axes.ts'
import { PALETTE_SIZE } from './chart-style.ts'
import type { SliceFigures } from './figures.ts'
import { linearScale } from './scale.ts'
import type { TargetPlan } from './scenario.ts'
import { element, round, type Svg, text } from './svg.ts'

/** What is drawn as one area: a target, or all those of one entry of the file. */
export interface Area {
  readonly name: string
  /** The places of its targets. */
  readonly targets: readonly number[]
}

/** More areas than can be told apart are drawn by entry. */
const MOST = PALETTE_SIZE

/** The areas of a chart, from the bottom up. */
export function areasOf(targets: readonly TargetPlan[]): Area[] {
  if (targets.length <= MOST) return targets.map(({ name }, place) => ({ name, targets: [place] }))
  const groups = new Map<string, number[]>()
  for (const [place, { group }] of targets.entries()) {
    groups.set(group, [...(groups.get(group) ?? []), place])
  }
  return [...groups].map(([name, places]) => ({
    name: places.length === 1 ? name : `${name} (${places.length})`,
    targets: places,
  }))
}

/** What each target got over time, one upon the other. */
export function sharePanel(
  slices: readonly SliceFigures[],
  areas: readonly Area[],
  place: Place,
): Svg {
  const { left, right, top, bottom, time } = place
  const share = linearScale(1, { from: bottom, to: top }, 2)
  const edges = slices.map(({ from }, i) => [time.at(from), endOf(slices, i, place)] as const)
  let sums = slices.map(() => 0)
  const drawn = areas.map(({ name, targets }, i) => {
    sums = slices.map(
      ({ shares }, slice) =>
        (sums[slice] ?? 0) + targets.reduce((sum, target) => sum + (shares[target] ?? 0), 0),
    )
    const d = `${stairs(edges, sums.map(share.at))}V${bottom}H${left}Z`
    return element('path', { class: `area a${i % PALETTE_SIZE}`, d }, [
      element('title', {}, [text(name)]),
    ])
  })
  // Each reaches down to the ground, and those before it are in front.
  drawn.reverse()
  const frame = element('path', {
    class: 'grid',
    d: `M${round(left)} ${round(bottom)}H${round(right)}`,
  })
  const percent = (value: number) => `${value * 100} %`
  return element('g', {}, [
    ...valueAxis(place, share, percent),
    ...drawn,
    frame,
    ...timeAxis(place),
  ])
}

type Edges = readonly (readonly [from: number, to: number])[]

function endOf(slices: readonly SliceFigures[], i: number, { time, right }: Place): number {
  const next = slices[i + 1]
  return next === undefined ? right : time.at(next.from)
}

/** A share holds for the whole of its slice. */
function stairs(edges: Edges, heights: readonly number[]): string {
  let path = ''
  let last: number | undefined
  for (const [i, [from, to]] of edges.entries()) {
    const height = Math.round(heights[i] ?? 0)
    if (i === 0) path += `M${round(from)} ${height}`
    else if (height !== last) path += `H${round(from)}V${height}`
    if (i === edges.length - 1) path += `H${round(to)}`
    last = height
  }
  return path
}

import { shortDuration } from './duration.ts'
import type { Scale } from './scale.ts'
import type { Phase } from './scenario.ts'
import { element, label, round, type Svg } from './svg.ts'

/** Where a panel is, and how time runs through it. */
export interface Place {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  /** The leftmost one bears the numbers of its row. */
  readonly isFirst: boolean
  readonly time: Scale
  readonly phases: readonly Phase[]
}

/** The lines across a panel, with their values where they begin. */
export function valueAxis(
  { left, right, isFirst }: Place,
  { at, ticks }: Scale,
  write: (value: number) => string,
): Svg[] {
  return ticks.flatMap((value) => {
    const y = at(value)
    const line = element('path', {
      class: 'grid',
      d: `M${round(left)} ${round(y)}H${round(right)}`,
    })
    if (!isFirst) return [line]
    return [line, label(write(value), { class: 'tick end', x: left - 6, y: y + 4 })]
  })
}

/** The times below a panel, and the lines where another phase begins. */
export function timeAxis({ top, bottom, time, phases, left, right }: Place): Svg[] {
  const ticks = time.ticks.map((at) => {
    const x = time.at(at)
    const side = x > right - 12 ? 'tick end' : x < left + 12 ? 'tick' : 'tick middle'
    return label(shortDuration(at), { class: side, x, y: bottom + 15 })
  })
  const lines = phases
    .filter(({ from }) => from > 0)
    .map(({ from }) =>
      element('path', {
        class: 'phase',
        d: `M${round(time.at(from))} ${round(top)}V${round(bottom)}`,
      }),
    )
  return [...lines, ...ticks]
}

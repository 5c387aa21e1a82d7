import { percentText } from './texts.ts'
import type { LiveRow } from './use-rows.ts'

/** How many colours there are; further targets begin anew. */
const COLOURS = 8

/** The class that gives a target its colour. */
export function colourOf(at: number): string {
  return `hue-${at % COLOURS}`
}

/** Who gets how much of the traffic, side by side. */
export function SharePicture({ rows }: { rows: readonly LiveRow[] }) {
  const shares = rows.map(({ figures }) => figures.share ?? 0)
  const isIdle = shares.every((share) => share === 0)
  return (
    <figure class="shares">
      <svg
        viewBox="0 0 1000 24"
        preserveAspectRatio="none"
        role="img"
        aria-label={isIdle ? 'No requests just now' : textOf(rows)}
      >
        <rect width="1000" height="24" class="ground" />
        {rows.map((row, i) => (
          <rect
            key={row.live.id}
            x={1000 * shares.slice(0, i).reduce((sum, share) => sum + share, 0)}
            width={1000 * (shares[i] ?? 0)}
            height="24"
            class={colourOf(row.at)}
          />
        ))}
      </svg>
      <figcaption class="soft">
        {isIdle
          ? 'No requests in the last 10 seconds.'
          : 'Share of the requests of the last 10 seconds.'}
      </figcaption>
    </figure>
  )
}

function textOf(rows: readonly LiveRow[]): string {
  return rows.map(({ live, figures }) => `${live.target} ${percentText(figures.share)}`).join(', ')
}

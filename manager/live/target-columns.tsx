import { linkTo } from '../location.ts'
import type { Column } from '../parts/table.tsx'
import { TimeAgo } from '../parts/time-ago.tsx'
import { colourOf } from './picture.tsx'
import { Sparkline } from './sparkline.tsx'
import { countText, millisText, percentText } from './texts.ts'
import type { LiveRow } from './use-rows.ts'

/** What is shown of each target of an upstream. */
export function columnsOf(upstreamId: string): readonly Column<LiveRow>[] {
  return [
    {
      id: 'target',
      label: 'Target',
      cell: ({ live, at }) => (
        <span class="target-name">
          <svg class="swatch" width="12" height="12" aria-hidden="true">
            <rect width="12" height="12" rx="3" class={colourOf(at)} />
          </svg>
          <span>
            <a href={linkTo(['upstreams', upstreamId, 'targets', live.id, 'edit'])}>
              {live.target}
            </a>
            <span class="soft below">weight {live.weight}</span>
          </span>
        </span>
      ),
    },
    { id: 'share', label: 'Share', cell: (row) => <Share row={row} /> },
    { id: 'flight', label: 'In flight', number: true, cell: ({ live }) => String(live.inFlight) },
    { id: 'latency', label: 'Latency p50 / p99', cell: (row) => <Latency row={row} /> },
    {
      id: 'errors',
      label: 'Errors',
      number: true,
      cell: ({ figures }) => (
        <span class={(figures.errorRatio ?? 0) > 0 ? 'bad' : undefined}>
          {percentText(figures.errorRatio)}
        </span>
      ),
    },
    { id: 'health', label: 'Health and next probe', cell: (row) => <Health row={row} /> },
  ]
}

function Share({ row: { figures, at } }: { row: LiveRow }) {
  const { share = 0, perSecond } = figures
  return (
    <span class="share">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect width="100" height="8" class="ground" />
        <rect width={100 * share} height="8" class={colourOf(at)} />
      </svg>
      <span class="share-text" title={`${countText(perSecond)} requests a second`}>
        {percentText(figures.share)}
      </span>
    </span>
  )
}

function Latency({ row: { figures, live } }: { row: LiveRow }) {
  const label = `Latency of ${live.target} over the last minutes, now ${millisText(live.ewma)}`
  return (
    <span class="latency">
      <Sparkline values={figures.latencies} label={label} />
      <span>
        {millisText(figures.p50)} / {millisText(figures.p99)}
      </span>
    </span>
  )
}

function Health({ row: { standing, next } }: { row: LiveRow }) {
  const { word, mood, reason, since } = standing
  return (
    <span class="health">
      <b class={mood}>{word}</b>
      {reason === undefined ? null : <span class="soft below">{reason}</span>}
      {since === undefined ? null : (
        <span class="soft below">
          <TimeAgo at={since} />
        </span>
      )}
      {next === undefined ? null : <span class="soft below">{next}</span>}
    </span>
  )
}

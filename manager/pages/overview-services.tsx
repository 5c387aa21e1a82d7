import type { ServiceFigures } from '../live/service-figures.ts'
import { countText, millisText, percentText } from '../live/texts.ts'
import { linkTo } from '../location.ts'
import { type Column, Table } from '../parts/table.tsx'

/** Requests, errors and latency of each service that had any. */
export function ServiceTable({ figures }: { figures: readonly ServiceFigures[] }) {
  if (figures.length === 0) return <p class="soft">No service has had a request yet.</p>
  return (
    <Table
      caption="Services, live"
      columns={COLUMNS}
      rows={figures}
      keyOf={({ service }) => service}
    />
  )
}

const COLUMNS: readonly Column<ServiceFigures>[] = [
  {
    id: 'service',
    label: 'Service',
    cell: ({ service }) => <a href={linkTo(['services', service])}>{service}</a>,
  },
  {
    id: 'rate',
    label: 'Requests / s',
    number: true,
    cell: ({ perSecond }) => countText(perSecond),
  },
  {
    id: 'requests',
    label: 'Requests in all',
    number: true,
    minor: true,
    cell: ({ requests }) => countText(requests),
  },
  {
    id: 'errors',
    label: 'Errors (5xx)',
    number: true,
    cell: ({ errorRatio }) => (
      <span class={(errorRatio ?? 0) > 0 ? 'bad' : undefined}>{percentText(errorRatio)}</span>
    ),
  },
  {
    id: 'latency',
    label: 'Latency p50 / p99',
    number: true,
    cell: ({ p50, p99 }) => `${millisText(p50)} / ${millisText(p99)}`,
  },
]

import { useMemo, useState } from 'hono/jsx/dom'
import { pathOf, type Row } from '../api.ts'
import { useLoaded } from '../loading.ts'
import { linkTo } from '../location.ts'
import { Button, LinkButton } from '../parts/button.tsx'
import { Empty } from '../parts/empty.tsx'
import { ErrorBanner } from '../parts/error-banner.tsx'
import { EventStory, HealthNews } from './events.tsx'
import { SharePicture } from './picture.tsx'
import { readEvents } from './standing.ts'
import { TargetTable } from './target-table.tsx'
import { useRows } from './use-rows.ts'
import { WeightEditor } from './weight-editor.tsx'

/** How often the figures are asked for, in ms. */
const EVERY = { every: 1000 }

/** The targets of an upstream as they are now: who gets how much, how they fare, what to do about it. */
export function TargetsPanel({ upstream }: { upstream: Row }) {
  const path = pathOf('upstreams', upstream.id)
  const health = useLoaded(`${path}/health?stats=1&size=1000`, EVERY)
  const told = useLoaded(`${path}/events`, EVERY)
  const events = useMemo(() => readEvents(told.value), [told.value])
  const rows = useRows(health.value, { events, upstream })
  const [weighing, setWeighing] = useState(false)
  return (
    <section aria-label="Targets" class="stack">
      <TitleLine
        upstreamId={upstream.id}
        onWeigh={rows.length === 0 || weighing ? undefined : () => setWeighing(true)}
      />
      <HealthNews events={events} ready={told.value !== undefined} />
      <ErrorBanner error={health.error} onRetry={health.reload} />
      {health.value === undefined ? (
        <p class="soft">Loading…</p>
      ) : rows.length === 0 ? (
        <Empty title="No targets yet">
          <p>A target is an address, such as 10.0.0.1:80, that requests are shared out to.</p>
        </Empty>
      ) : (
        <>
          <SharePicture rows={rows} />
          <TargetTable upstreamId={upstream.id} rows={rows} reload={health.reload} />
        </>
      )}
      {weighing ? (
        <WeightEditor
          upstreamId={upstream.id}
          rows={rows}
          onSaved={health.reload}
          onClose={() => setWeighing(false)}
        />
      ) : null}
      <EventStory events={events} />
    </section>
  )
}

function TitleLine({
  upstreamId,
  onWeigh,
}: {
  upstreamId: string
  /** Undefined where there is nothing to weigh, or it is done already. */
  onWeigh: (() => void) | undefined
}) {
  return (
    <div class="title-line">
      <h2>Targets</h2>
      <div class="actions">
        {onWeigh === undefined ? null : <Button onClick={onWeigh}>Change Weights</Button>}
        <LinkButton kind="main" href={linkTo(['upstreams', upstreamId, 'targets', 'new'])}>
          New Target
        </LinkButton>
      </div>
    </div>
  )
}

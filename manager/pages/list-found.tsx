import { useMemo } from 'hono/jsx/dom'
import { pathOf, type Row } from '../api.ts'
import type { Kind } from '../kinds.ts'
import { useLoaded } from '../loading.ts'
import { Empty } from '../parts/empty.tsx'
import { ErrorBanner } from '../parts/error-banner.tsx'
import { RowTable } from './list-rows.tsx'

/** The one row of a name or an id. */
export function FoundRow({ kind, name }: { kind: Kind; name: string }) {
  const { value, error, loading, reload } = useLoaded<Row>(pathOf(kind.path, name))
  const rows = useMemo(() => (value === undefined ? [] : [value]), [value])
  if (loading && value === undefined) return <p class="soft">Loading…</p>
  if (error?.status === 404) {
    return (
      <Empty title={`No ${kind.one.toLowerCase()} is called “${name}”`}>
        <p>Names and IDs are looked for as a whole, not by a part of them.</p>
      </Empty>
    )
  }
  return (
    <>
      <ErrorBanner error={error} onRetry={reload} />
      <RowTable kind={kind} rows={rows} onChanged={reload} />
    </>
  )
}

import { useCallback, useState } from 'hono/jsx/dom'
import { callWhole } from '../api.ts'
import { type Revision, RevisionItem } from '../live/revision.tsx'
import { useLoaded } from '../loading.ts'
import { Confirm } from '../parts/confirm.tsx'
import { Empty } from '../parts/empty.tsx'
import { ErrorBanner } from '../parts/error-banner.tsx'
import { PageHeader } from '../parts/page-header.tsx'
import { undoable } from '../undo.ts'

/** Who changed what and when, and the way back to how it was. */
export function HistoryPage() {
  const { value, error, reload } = useLoaded<{ readonly data: readonly Revision[] }>('/revisions')
  const [wanted, setWanted] = useState<Revision | undefined>(undefined)
  const revisions = value?.data ?? []
  const restore = useCallback(async () => {
    if (wanted === undefined) return
    const { revision } = await callWhole('POST', `/revisions/${wanted.revision}/restore`)
    setWanted(undefined)
    undoable(`Everything is as it was at revision ${wanted.revision}`, revision)
    reload()
  }, [wanted])
  return (
    <>
      <PageHeader title="History" />
      <ErrorBanner error={error} onRetry={reload} />
      {value !== undefined && revisions.length === 0 ? (
        <Empty title="No revisions are kept">
          <p>They begin with the next change, unless revision_history is 0.</p>
        </Empty>
      ) : null}
      <ol class="diff" aria-label="Revisions, newest first">
        {revisions.map((revision, at) => (
          <RevisionItem
            key={revision.revision}
            revision={revision}
            current={at === 0}
            onRestore={() => setWanted(revision)}
          />
        ))}
      </ol>
      {wanted === undefined ? null : (
        <Confirm
          title={`Go back to revision ${wanted.revision}?`}
          action="Go Back"
          kind="main"
          onConfirm={restore}
          onClose={() => setWanted(undefined)}
        >
          <p>
            Everything will be as it was after that change. This is a change of its own, so it can
            be undone too.
          </p>
        </Confirm>
      )}
    </>
  )
}

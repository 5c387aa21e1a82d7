import { useState } from 'hono/jsx/dom'
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
        <RestoreDialog to={wanted.revision} onDone={reload} onClose={() => setWanted(undefined)} />
      )}
    </>
  )
}

function RestoreDialog({
  to,
  onDone,
  onClose,
}: {
  to: number
  onDone: () => void
  onClose: () => void
}) {
  const restore = async (): Promise<void> => {
    const { revision } = await callWhole('POST', `/revisions/${to}/restore`)
    onClose()
    undoable(`Everything is as it was at revision ${to}`, revision)
    onDone()
  }
  return (
    <Confirm
      title={`Go back to revision ${to}?`}
      action="Go Back"
      kind="main"
      onConfirm={restore}
      onClose={onClose}
    >
      <p>
        Everything will be as it was after that change. This is a change of its own, so it can be
        undone too.
      </p>
    </Confirm>
  )
}

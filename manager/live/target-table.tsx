import { useCallback, useMemo, useRef, useState } from 'hono/jsx/dom'
import { callWhole, pathOf } from '../api.ts'
import { childKindOf, kindOf } from '../kinds.ts'
import { DeleteDialog } from '../parts/delete-dialog.tsx'
import { ErrorBanner } from '../parts/error-banner.tsx'
import { Table } from '../parts/table.tsx'
import { announce } from '../parts/toast.tsx'
import { undoable } from '../undo.ts'
import { TargetActions, USUAL_WEIGHT } from './target-actions.tsx'
import { columnsOf } from './target-columns.tsx'
import { useAction } from './use-action.ts'
import type { LiveRow } from './use-rows.ts'

/** Each target with its figures, and what can be done with it. */
export function TargetTable({
  upstreamId,
  rows,
  reload,
}: {
  upstreamId: string
  rows: readonly LiveRow[]
  reload: () => void
}) {
  const { error, run } = useAction()
  const [doomed, setDoomed] = useState<LiveRow | undefined>(undefined)
  const columns = useMemo(() => columnsOf(upstreamId), [upstreamId])
  // What a target had before it was drained here.
  const weights = useRef(new Map<string, number>())
  const actions = useCallback(
    (row: LiveRow) => (
      <TargetActions
        row={row}
        former={weights.current?.get(row.live.id) ?? USUAL_WEIGHT}
        onMark={(verb) =>
          void run(async () => {
            await callWhole('PUT', `${targetPath(upstreamId, row)}/${verb}`)
            announce(`${row.live.target} was set ${verb}`)
            reload()
          })
        }
        onWeight={(weight, text) =>
          void run(async () => {
            const body = { weight }
            const { revision } = await callWhole('PATCH', targetPath(upstreamId, row), { body })
            undoable(`${row.live.target} ${text}`, revision)
            if (row.live.weight > 0) weights.current?.set(row.live.id, row.live.weight)
            reload()
          })
        }
        onRemove={() => setDoomed(row)}
      />
    ),
    [upstreamId],
  )
  return (
    <>
      <ErrorBanner error={error} />
      <Table
        caption="Targets, live"
        columns={columns}
        rows={rows}
        keyOf={({ live }) => live.id}
        actions={actions}
      />
      {doomed === undefined ? null : (
        <RemoveDialog
          upstreamId={upstreamId}
          row={doomed}
          onDone={reload}
          onClose={() => setDoomed(undefined)}
        />
      )}
    </>
  )
}

function targetPath(upstreamId: string, { live }: LiveRow): string {
  return pathOf('upstreams', upstreamId, 'targets', live.id)
}

function RemoveDialog({
  upstreamId,
  row,
  onDone,
  onClose,
}: {
  upstreamId: string
  row: LiveRow
  onDone: () => void
  onClose: () => void
}) {
  const upstreams = kindOf('upstreams')
  const kind = upstreams === undefined ? undefined : childKindOf(upstreams, 'targets')
  if (kind === undefined) return null
  const { id, target } = row.live
  return (
    <DeleteDialog
      kind={kind}
      row={{ id, target }}
      path={targetPath(upstreamId, row)}
      onDone={onDone}
      onClose={onClose}
    />
  )
}

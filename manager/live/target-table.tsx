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

/** What the table is given. */
export interface TargetTableProps {
  upstreamId: string
  rows: readonly LiveRow[]
  /** Asks for the figures at once, when something was changed here. */
  reload: () => void
}

/** Each target with its figures, and what can be done with it. */
export function TargetTable({ upstreamId, rows, reload }: TargetTableProps) {
  const [doomed, setDoomed] = useState<LiveRow | undefined>(undefined)
  const { error, formerOf, mark, weigh } = useTargetChanges(upstreamId, reload)
  const columns = useMemo(() => columnsOf(upstreamId), [upstreamId])
  const actions = useCallback(
    (row: LiveRow) => (
      <TargetActions
        row={row}
        former={formerOf(row)}
        onMark={(verb) => mark(row, verb)}
        onWeight={(weight, text) => weigh(row, weight, text)}
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

/** What is done to a target from its row, and what went wrong with the last. */
function useTargetChanges(upstreamId: string, reload: () => void) {
  const { error, run } = useAction()
  // What a target had before it was drained here.
  const weights = useRef(new Map<string, number>())
  return {
    error,
    formerOf: ({ live }: LiveRow) => weights.current?.get(live.id) ?? USUAL_WEIGHT,
    mark: (row: LiveRow, verb: string) =>
      void run(async () => {
        await callWhole('PUT', `${targetPath(upstreamId, row)}/${verb}`)
        announce(`${row.live.target} was set ${verb}`)
        reload()
      }),
    weigh: (row: LiveRow, weight: number, text: string) =>
      void run(async () => {
        const body = { weight }
        const { revision } = await callWhole('PATCH', targetPath(upstreamId, row), { body })
        undoable(`${row.live.target} ${text}`, revision)
        if (row.live.weight > 0) weights.current?.set(row.live.id, row.live.weight)
        reload()
      }),
  }
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

import { useCallback, useMemo, useRef, useState } from 'hono/jsx/dom'
import { pathOf, type Row } from '../api.ts'
import { type Kind, nameOf, standsAlone } from '../kinds.ts'
import { linkTo } from '../location.ts'
import { copyText } from '../parts/clipboard.ts'
import { copyItems } from '../parts/copy-items.ts'
import { DeleteDialog } from '../parts/delete-dialog.tsx'
import { Menu } from '../parts/menu.tsx'
import { Table } from '../parts/table.tsx'
import { columnsOf } from './list-columns.tsx'

/** What rows stand below, when they have no pages of their own. */
export interface Parent {
  readonly kind: Kind
  readonly id: string
}

/** Where a row is: in the Admin API, and in this page. */
export interface Whereabouts {
  readonly api: (row: Row) => string
  readonly view: (row: Row) => readonly string[]
  readonly edit: (row: Row) => readonly string[]
}

/** Finds the places of a kind's rows, below a parent or not. */
export function whereabouts(kind: Kind, parent?: Parent): Whereabouts {
  const base =
    parent === undefined || standsAlone(kind)
      ? [kind.path]
      : [parent.kind.path, parent.id, kind.path]
  const edit = (row: Row) => [...base, row.id, 'edit']
  return {
    api: (row) => pathOf(...base, row.id),
    view: standsAlone(kind) ? (row) => [...base, row.id] : edit,
    edit,
  }
}

/** Rows of a kind, with all that can be done to one. */
export function RowTable({
  kind,
  parent,
  rows,
  onChanged,
}: {
  kind: Kind
  parent?: Parent | undefined
  rows: readonly Row[]
  /** A row went away; keep it the same function. */
  onChanged: () => void
}) {
  const deletion = useRef<Deletion>(null)
  const at = useMemo(() => whereabouts(kind, parent), [kind, parent?.kind, parent?.id])
  const columns = useMemo(() => columnsOf(kind, at), [kind, at])
  const actions = useCallback(
    (row: Row) => (
      <Menu
        label={`Actions for ${nameOf(kind, row)}`}
        items={() => [
          ...(standsAlone(kind) ? [{ label: 'View', href: linkTo(at.view(row)) }] : []),
          { label: 'Edit', href: linkTo(at.edit(row)) },
          { label: 'Copy ID', run: () => void copyText(row.id, 'ID') },
          ...copyItems(kind.path, row),
          { label: 'Delete', danger: true, run: () => deletion.current?.ask(row) },
        ]}
      />
    ),
    [kind, at],
  )
  return (
    <>
      <Table caption={kind.many} columns={columns} rows={rows} keyOf={idOf} actions={actions} />
      <Deleting kind={kind} at={at} deletion={deletion} onDone={onChanged} />
    </>
  )
}

/** Asks whether a row may go. */
interface Deletion {
  ask(row: Row): void
}

/** The dialog, which keeps its own state: a thousand rows are not gone through to open it. */
function Deleting({
  kind,
  at,
  deletion,
  onDone,
}: {
  kind: Kind
  at: Whereabouts
  /** Where the rows find the way in. */
  deletion: { current: Deletion | null }
  onDone: () => void
}) {
  const [doomed, setDoomed] = useState<Row | undefined>(undefined)
  deletion.current = { ask: setDoomed }
  if (doomed === undefined) return null
  const close = () => setDoomed(undefined)
  return (
    <DeleteDialog kind={kind} row={doomed} path={at.api(doomed)} onDone={onDone} onClose={close} />
  )
}

function idOf({ id }: Row): string {
  return id
}

import { callWhole, pathOf, type Row } from '../api.ts'
import { type Kind, nameOf } from '../kinds.ts'
import { undoable } from '../undo.ts'
import { Confirm } from './confirm.tsx'

/** Asks, deletes, and offers to undo it. What has a name must be typed. */
export function DeleteDialog({
  kind,
  row,
  path = pathOf(kind.path, row.id),
  onDone,
  onClose,
}: {
  kind: Kind
  row: Row
  /** Its path in the Admin API, where that is not `/{kind}/{id}`. */
  path?: string
  onDone: () => void
  onClose: () => void
}) {
  const name = nameOf(kind, row)
  const remove = async (): Promise<void> => {
    const { revision } = await callWhole('DELETE', path)
    undoable(`${kind.one} ${name} deleted`, revision)
    onClose()
    onDone()
  }
  return (
    <Confirm
      title={`Delete ${kind.one.toLowerCase()} ${name}?`}
      action="Delete"
      typed={name === row.id ? undefined : name}
      onConfirm={remove}
      onClose={onClose}
    >
      <p>
        {LOST[kind.path] ?? 'It is gone for requests at once.'} You can undo this for some seconds,
        and from History later.
      </p>
    </Confirm>
  )
}

const LOST: Readonly<Record<string, string>> = {
  routes: 'Requests for it find no route any more; its plugins go with it.',
  consumers: 'Its credentials and plugins go with it.',
  upstreams: 'Its targets go with it.',
  certificates: 'Its SNIs go with it.',
  'key-sets': 'Its keys go with it.',
}

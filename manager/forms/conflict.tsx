import { useEffect, useState } from 'hono/jsx/dom'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { readEntity } from './entity.ts'
import { isObject } from './schema.ts'
import { sameValue } from './values.ts'
import { labelOf } from './words.ts'

/** Somebody else was faster: says what they changed, and asks whose is to stay. */
export function ConflictDialog({
  path,
  name,
  row,
  onClose,
  onLoad,
  onOverwrite,
}: {
  path: string
  name: string
  row: unknown
  onClose: () => void
  onLoad: () => void
  onOverwrite: () => void
}) {
  const [changed, setChanged] = useState<readonly string[]>([])
  useEffect(() => {
    readEntity(path).then(
      (entity) => setChanged(differences(row, entity.row)),
      // What they changed is a help; the question stands without it.
      () => {},
    )
  }, [])
  return (
    <Dialog
      title="Changed by somebody else"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Keep editing</Button>
          <Button onClick={onLoad}>Load theirs</Button>
          <Button kind="danger" onClick={onOverwrite}>
            Overwrite
          </Button>
        </>
      }
    >
      <p>
        Somebody else changed this {name.toLowerCase()} since you opened it, so yours was not saved.
      </p>
      {changed.length === 0 ? null : <p>They changed: {changed.map(labelOf).join(', ')}.</p>}
      <p>
        Load theirs and lose what you typed, or save yours over it: only what you changed is sent.
      </p>
    </Dialog>
  )
}

/** The names of what is not the same in two rows. */
function differences(one: unknown, other: unknown): readonly string[] {
  if (!isObject(one) || !isObject(other)) return []
  const names = Object.keys(other).filter((name) => name !== 'updated_at' && name !== 'ttl')
  return names.filter((name) => !sameValue(one[name], other[name]))
}

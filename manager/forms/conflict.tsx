import { useEffect, useState } from 'hono/jsx/dom'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { readEntity } from './entity.ts'
import { isObject } from './schema.ts'
import { sameValue } from './values.ts'
import { labelOf } from './words.ts'

/** What each answer does. */
export interface ConflictAnswers {
  onClose: () => void
  onLoad: () => void
  onOverwrite: () => void
}

/** Somebody else was faster: says what they changed, and asks whose is to stay. */
export function ConflictDialog({
  path,
  name,
  row,
  ...answers
}: ConflictAnswers & {
  path: string
  name: string
  /** As it was when the form was opened. */
  row: unknown
}) {
  const changed = useChangedSince(path, row)
  return (
    <Dialog
      title="Changed by somebody else"
      onClose={answers.onClose}
      actions={<Answers {...answers} />}
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

function Answers({ onClose, onLoad, onOverwrite }: ConflictAnswers) {
  return (
    <>
      <Button onClick={onClose}>Keep editing</Button>
      <Button onClick={onLoad}>Load theirs</Button>
      <Button kind="danger" onClick={onOverwrite}>
        Overwrite
      </Button>
    </>
  )
}

/** The names of what is stored otherwise by now; none until that is known. */
function useChangedSince(path: string, row: unknown): readonly string[] {
  const [changed, setChanged] = useState<readonly string[]>([])
  useEffect(() => {
    readEntity(path).then(
      (entity) => setChanged(differences(row, entity.row)),
      // What they changed is a help; the question stands without it.
      () => {},
    )
  }, [])
  return changed
}

/** The names of what is not the same in two rows. */
function differences(one: unknown, other: unknown): readonly string[] {
  if (!isObject(one) || !isObject(other)) return []
  const names = Object.keys(other).filter((name) => name !== 'updated_at' && name !== 'ttl')
  return names.filter((name) => !sameValue(one[name], other[name]))
}

import { useEffect, useState } from 'hono/jsx/dom'
import { ApiError, call, pathOf, type Row, send } from '../api.ts'
import { type Kind, standsAlone } from '../kinds.ts'

/** What a form is for. */
export interface Subject {
  readonly kind: Kind
  /** Undefined for a new one. */
  readonly id: string | undefined
  readonly parent: { readonly kind: Kind; readonly id: string } | undefined
}

/** An entity with the mark that tells whether it was changed since. */
export interface Entity {
  readonly row: Row
  readonly etag: string | undefined
}

/** Where the Admin API has it, or its collection. */
export function apiPathOf({ kind, id, parent }: Subject): string {
  const own = id === undefined ? [kind.path] : [kind.path, id]
  const isBelow = parent !== undefined && (id === undefined || !standsAlone(kind))
  return isBelow ? pathOf(parent.kind.path, parent.id, ...own) : pathOf(...own)
}

/** Where one goes from its form: after a change to what was changed, else to where others of its kind are. */
export function placeAfter({ kind, id, parent }: Subject): readonly string[] {
  if (id !== undefined && standsAlone(kind)) return [kind.path, id]
  return parent === undefined ? [kind.path] : [parent.kind.path, parent.id, kind.path]
}

/** Reads an entity; without a login it waits for one. Rejects with an ApiError. */
export async function readEntity(path: string): Promise<Entity> {
  const response = await send('GET', path)
  if (!response.ok) {
    await call('GET', path)
    return readEntity(path)
  }
  const row: Row = await response.json()
  return { row, etag: response.headers.get('etag') ?? undefined }
}

/** The entity of a form; nothing for a new one. */
export function useEntity(path: string | undefined): {
  readonly entity: Entity | undefined
  readonly error: ApiError | undefined
  readonly reload: () => void
} {
  const [entity, setEntity] = useState<Entity | undefined>(undefined)
  const [error, setError] = useState<ApiError | undefined>(undefined)
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    if (path === undefined) return
    let current = true
    readEntity(path).then(
      (read) => {
        if (!current) return
        setEntity(read)
        setError(undefined)
      },
      (failure: unknown) => {
        if (!(failure instanceof ApiError)) throw failure
        if (current) setError(failure)
      },
    )
    return () => {
      current = false
    }
  }, [path, turn])
  return { entity, error, reload: () => setTurn(turn + 1) }
}

import { useState } from 'hono/jsx/dom'
import { ApiError, callWhole, type Row } from '../api.ts'
import { nameOf } from '../kinds.ts'
import { undoable } from '../undo.ts'
import { apiPathOf, type Subject } from './entity.ts'
import { placeErrors } from './errors.ts'
import type { Form } from './use-form.ts'

/** How a form is sent. */
export interface Saving {
  readonly busy: boolean
  /** Somebody else changed it since it was read. */
  readonly inConflict: boolean
  readonly forgetConflict: () => void
  /** Whether it was saved; `force` does not ask whether it was changed since. */
  readonly save: (force?: boolean) => Promise<boolean>
}

/** The method and path a form is sent by. */
export function requestOf(subject: Subject): string {
  return `${subject.id === undefined ? 'POST' : 'PATCH'} ${apiPathOf(subject)}`
}

/** Sends a form; what is refused is placed at its fields. */
export function useSaving(form: Form, subject: Subject, etag: string | undefined): Saving {
  const [busy, setBusy] = useState(false)
  const [inConflict, setConflict] = useState(false)
  const isNew = subject.id === undefined
  const path = apiPathOf(subject)

  const save = async (force = false): Promise<boolean> => {
    const { body, problems } = form.readNow()
    if (busy) return false
    if (problems.size > 0) {
      form.touchAll()
      return false
    }
    setBusy(true)
    try {
      const headers = { ...(isNew || force || etag === undefined ? {} : { 'If-Match': etag }) }
      const method = isNew ? 'POST' : 'PATCH'
      const { body: row, revision } = await callWhole<Row>(method, path, { body, headers })
      const { kind } = subject
      undoable(`${kind.one} ${nameOf(kind, row)} ${isNew ? 'created' : 'updated'}`, revision)
      return true
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.status === 412) setConflict(true)
      else form.refuse(placeErrors(error, form.schema.fields))
      setBusy(false)
      return false
    }
  }
  return { busy, inConflict, forgetConflict: () => setConflict(false), save }
}

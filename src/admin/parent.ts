import type { Row } from '../schema/entity.ts'
import type { Draft } from '../store/draft.ts'
import type { Reads } from '../store/reads.ts'
import { itemReply, readReply } from './conditions.ts'
import { inputOf, patch, put } from './crud.ts'
import type { Desk } from './desk.ts'
import { foreignIdOf, locate } from './lookup.ts'
import type { Link } from './nested.ts'
import { message, NOT_FOUND } from './reply.ts'
import type { Call, Resource } from './resource.ts'

/** A parent by its child. Kong: it may be read and changed through it, but not deleted. */
export function parentHandlers(link: Link, desk: Desk): Resource['handlers'] {
  const { child, parent } = link
  const { store, write, batch } = desk
  const childIn = (rows: Reads, call: Call) => locate(rows, child, call.param(child.name))
  const parentIn = (rows: Reads, call: Call) => parentOf(link, rows, childIn(rows, call))
  return {
    GET(call) {
      const row = parentIn(store, call)
      return row === undefined ? NOT_FOUND : readReply(call, row)
    },
    PUT: (call) =>
      batch(call, async (draft) => {
        const row = childIn(draft, call)
        return row === undefined ? NOT_FOUND : putParent(link, draft, { call, row, desk })
      }),
    PATCH: (call) =>
      write(call, async (draft) => {
        const row = parentIn(draft, call)
        return row === undefined ? NOT_FOUND : patch(draft, { call, entity: parent, row })
      }),
    DELETE: (call) =>
      parentIn(store, call) === undefined ? NOT_FOUND : message(405, 'Method not allowed'),
  }
}

/** The parent that a child refers to. */
export function parentOf(
  { field, parent }: Link,
  rows: Reads,
  row: Row | undefined,
): Row | undefined {
  const id = row === undefined ? undefined : foreignIdOf(row, field)
  return id === undefined ? undefined : rows.get(parent.name, id)
}

interface PutCall {
  readonly call: Call
  /** The child. */
  readonly row: Row
  readonly desk: Desk
}

/** Replaces the parent in place; a child that has none gets a new one. */
async function putParent(link: Link, draft: Draft, { call, row, desk }: PutCall) {
  const { child, field, parent } = link
  const current = parentOf(link, draft, row)
  const key = { field: 'id', value: current?.id ?? desk.newId() }
  const input = inputOf(call.payload, parent)
  const made = await put(draft, { call, entity: parent, key, input, newId: desk.newId })
  if (current === undefined) {
    await draft.update(child.name, row.id, { [field]: { id: made.id } })
  }
  return itemReply(made)
}

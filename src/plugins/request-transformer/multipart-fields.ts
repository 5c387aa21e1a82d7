import { toByteString } from '../../lib/byte-string.ts'
import {
  boundaryOf,
  type Part,
  readMultipart,
  simplePart,
  withBoundary,
  writeMultipart,
} from '../../lib/multipart.ts'
import type { Table } from '../../lib/template/value.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import { applyChanges, type Changes, type FieldStore } from './changes.ts'

interface MultipartChange {
  /** One char a byte. */
  readonly body: string
  readonly changes: Changes
  readonly scope: Table
  /** Makes a boundary nobody can know. */
  readonly newBoundary: () => string
}

/** Changes a multipart body; undefined when it cannot be read. */
export function changeMultipart(
  { body, changes, scope, newBoundary }: MultipartChange,
  { request, upstream }: Exchange,
): string | undefined {
  const type = request.headers.get('content-type') ?? ''
  const boundary = boundaryOf(type)
  if (boundary === undefined) return undefined
  const empty = body === ''
  const parts = empty ? [] : readMultipart(body, boundary)
  if (parts === undefined) return undefined

  const added: string[] = []
  const fields = partFields(parts, added)
  if (!applyChanges(fields, changes, { scope, empty, renamesFirst: true })) return undefined
  // A value of the client's must not end its part, and make others.
  if (!added.some((text) => text.includes(`--${boundary}`))) return writeMultipart(parts, boundary)
  const fresh = newBoundary()
  upstream.headers.set('Content-Type', withBoundary(type, fresh))
  return writeMultipart(parts, fresh)
}

/** Parts as fields; Kong appends to none. A renamed one keeps its content alone. */
function partFields(parts: Part[], added: string[]): FieldStore {
  const remove = (name: string): void => {
    const kept = parts.filter((part) => part.name !== name)
    parts.splice(0, parts.length, ...kept)
  }
  const put = (part: Part, name: string): void => {
    remove(name)
    parts.push(part)
    added.push(part.head, part.body)
  }
  return {
    has: (name) => parts.some((part) => part.name === name),
    remove,
    rename(from, to) {
      if (from === to) return false
      const part = parts.find(({ name }) => name === from)
      if (part !== undefined) put(simplePart(to, part.body), to)
      remove(from)
      return true
    },
    set: (name, value) => put(simplePart(name, toByteString(value)), name),
  }
}

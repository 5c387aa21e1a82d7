import type { Entry, Json } from '../ports/store.ts'
import type { Entity, Row } from '../schema/entity.ts'
import { isObject } from '../schema/field.ts'
import { deepFreeze } from './freeze.ts'
import type { Table } from './table.ts'
import { type Edit, type Tables, tableOf } from './tables.ts'

/** One row that a commit made, changed or took away. */
export interface RevisionChange {
  readonly entity: string
  readonly id: string
  /** What the row is called, unless that is a secret. */
  readonly name?: string
  readonly kind: 'created' | 'updated' | 'deleted'
}

/** What one commit did. */
export interface Revision {
  readonly revision: number
  /** When, in ms since 1970. */
  readonly at: number
  /** Who asked for it. */
  readonly by?: string
  /** How many rows it changed. */
  readonly count: number
  /** What it changed; empty when that is too much to be kept, so that nobody can go back past it. */
  readonly changes: readonly RevisionChange[]
}

/** A change with what there was before, as the port had it. */
export interface KeptChange extends RevisionChange {
  readonly before?: Json
}

/** A revision as it is kept: in parts that every store can hold. */
export interface KeptRevision extends Omit<Revision, 'changes'> {
  readonly parts: readonly (readonly KeptChange[])[]
  /** Characters of JSON. */
  readonly size: number
}

/** Where revisions are in the store, beside the rows. */
export const REVISIONS = 'revisions:'

/** A commit of more than this is not kept, in characters of JSON. */
export const LARGEST = 4 * 1024 * 1024

/** A row of a Durable Object's database holds 2 MB; a character may take three bytes. */
const PART = 256 * 1024

/** Whether the whole of its changes is kept. */
export function isWhole({ count, parts }: KeptRevision): boolean {
  return parts.reduce((sum, part) => sum + part.length, 0) === count
}

/** What a commit of these edits will have done; to be asked before they are made. */
export function revisionOf(
  head: Pick<Revision, 'revision' | 'at'> & { readonly by: string | undefined },
  { edits, tables }: { readonly edits: readonly Edit[]; readonly tables: Tables },
): KeptRevision {
  const { revision, at, by } = head
  let part: KeptChange[] = []
  const parts = [part]
  let size = 0
  let room = PART
  for (const edit of edits) {
    const change = changeOf(edit, tableOf(tables, edit.entity))
    const length = lengthOf(change)
    size += length
    if (size > LARGEST) break
    if (length > room && part.length !== 0) {
      part = []
      parts.push(part)
      room = PART
    }
    room -= length
    part.push(change)
  }
  const known = { revision, at, ...(by !== undefined && { by }), count: edits.length }
  return size > LARGEST ? { ...known, parts: [[]], size: 0 } : { ...known, parts, size }
}

/** What was changed, without the rows. */
export function publicRevision({ parts, size: _size, ...head }: KeptRevision): Revision {
  return { ...head, changes: parts.flat().map(({ before: _before, ...change }) => change) }
}

/** The entries of a revision, one a part. */
export function entriesOfRevision({ parts, ...head }: KeptRevision): Entry[] {
  return parts.map((changes, part) => ({
    key: keyOfPart(head.revision, part),
    // A change holds texts and a row, which left validate.ts as JSON. Frozen, so that who keeps values
    // in memory need not copy what the history has already.
    value: deepFreeze({ ...head, parts: parts.length, changes }) as unknown as Json,
  }))
}

/** The keys of a revision's entries. */
export function keysOfRevision({ revision, parts }: KeptRevision): string[] {
  return parts.map((_, part) => keyOfPart(revision, part))
}

/** The revisions that entries tell of, newest first. Entries that are none are named to `skip`. */
export function revisionsFrom(
  entries: readonly Entry[],
  skip: (key: string) => void,
): KeptRevision[] {
  const found = new Map<number, KeptRevision & { parts: (readonly KeptChange[])[] }>()
  for (const entry of entries) {
    const { key } = entry
    const value: unknown = entry.value
    const [, number, part] = key.split(':').map(Number)
    if (!isPart(value) || value.revision !== number || key !== keyOfPart(number, part ?? -1)) {
      skip(key)
      continue
    }
    const { parts, changes, ...head } = value
    const known = found.get(number) ?? { ...head, parts: Array.from({ length: parts }, () => []) }
    known.parts[part ?? 0] = changes
    found.set(number, known)
  }
  return [...found.values()].sort((a, b) => b.revision - a.revision)
}

type Part = Omit<KeptRevision, 'parts'> & {
  readonly parts: number
  readonly changes: readonly KeptChange[]
}

/** Only `entriesOfRevision` writes below this prefix, so its shape is told by a look. */
function isPart(value: unknown): value is Part {
  if (!isObject(value) || !Array.isArray(value.changes) || !value.changes.every(isObject)) {
    return false
  }
  const { revision, at, count, parts, size } = value
  return [revision, at, count, parts, size].every(Number.isFinite)
}

function keyOfPart(revision: number, part: number): string {
  return `${REVISIONS}${revision}:${part}`
}

function changeOf({ entity, id, row }: Edit, table: Table): KeptChange {
  const before = table.held(id)
  const name = nameOf(table.entity, row ?? before)
  if (before === undefined && name !== undefined) return { entity, id, name, kind: 'created' }
  return {
    entity,
    id,
    ...(name !== undefined && { name }),
    kind: before === undefined ? 'created' : row === undefined ? 'deleted' : 'updated',
    // Rows leave validate.ts as JSON.
    ...(before !== undefined && { before: before as Json }),
  }
}

/** Characters of its JSON; what came to be, which may be thousands at once, is not written out for it. */
function lengthOf(change: KeptChange): number {
  const { entity, id, name, kind, before } = change
  if (before !== undefined || !isPlain(id) || (name !== undefined && !isPlain(name))) {
    return JSON.stringify(change).length
  }
  const named = name === undefined ? 0 : NAMED + name.length
  return FRAME + entity.length + id.length + kind.length + named
}

const FRAME = '{"entity":"","id":"","kind":""}'.length
const NAMED = ',"name":""'.length

/** Whether JSON writes a text as it is. */
function isPlain(text: string): boolean {
  return /^[\w.~-]*$/.test(text)
}

/** Keys that are made up, and those of what expires, let somebody in: they are no names. */
function nameOf({ endpointKey, fields, ttl }: Entity, row: Row | undefined): string | undefined {
  if (endpointKey === undefined || ttl === true || fields[endpointKey]?.auto === true) return
  const name = row?.[endpointKey]
  return typeof name === 'string' ? name : undefined
}

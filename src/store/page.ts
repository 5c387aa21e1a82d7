import type { Row } from '../schema/entity.ts'
import { isWithin, type Within } from './find.ts'
import { tagsOf } from './links.ts'
import { firstAfter } from './sorted-ids.ts'
import type { Table } from './table.ts'

/** Rows with all of the tags, or with any. */
export interface TagFilter {
  readonly mode: 'all' | 'any'
  readonly tags: readonly string[]
}

export interface PageOptions {
  readonly size: number
  /** The id the page comes after. */
  readonly after?: string
  readonly tags?: TagFilter
  readonly within?: Within
}

export interface Page {
  readonly rows: Row[]
  /** The last row's id when more come after it. */
  readonly last?: string
}

/** One page of a table, by id. */
export function pageOf(table: Table, options: PageOptions): Page {
  const { size, after, tags, within } = options
  const ids = idsOf(table, options)
  const rows: Row[] = []
  for (let at = firstAfter(ids, after); at < ids.length; at++) {
    const row = table.get(ids[at] ?? '')
    if (row === undefined || !hasTags(row, tags)) continue
    if (!isWithin(row, within)) continue
    const last = rows.at(-1)
    if (rows.length >= size) return last === undefined ? { rows } : { rows, last: last.id }
    rows.push(row)
  }
  return { rows }
}

/** The shortest list of ids that has all that may be on the page. */
function idsOf(table: Table, { tags, within }: PageOptions): readonly string[] {
  if (within !== undefined) return table.children(within.field, within.id)
  if (tags === undefined) return table.ids
  const lists = tags.tags.map((tag) => table.withTag(tag))
  if (tags.mode === 'any') return [...new Set(lists.flat())].sort()
  return lists.reduce((a, b) => (b.length < a.length ? b : a), table.ids)
}

function hasTags(row: Row, filter: TagFilter | undefined): boolean {
  if (filter === undefined) return true
  const has = new Set(tagsOf(row))
  return filter.mode === 'all'
    ? filter.tags.every((tag) => has.has(tag))
    : filter.tags.some((tag) => has.has(tag))
}

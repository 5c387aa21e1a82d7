import { tagsOf } from './links.ts'
import { firstFrom } from './sorted-ids.ts'
import type { Table } from './table.ts'
import type { Tables } from './tables.ts'

/** One tag of one row. */
export interface TagRow {
  readonly tag: string
  readonly entity: string
  readonly id: string
}

export interface TagPageOptions {
  readonly size: number
  /** The place an earlier page ended at. */
  readonly after?: string
  /** Only this tag. */
  readonly tag?: string
}

export interface TagPage {
  readonly rows: TagRow[]
  /** The place to go on from when more come. */
  readonly last?: string
}

/** One page of all tags, by the id of the row that has them. */
export function tagPageOf(tables: Tables, { size, after, tag }: TagPageOptions): TagPage {
  const [from = '', order = '', nth = ''] = after?.split(' ') ?? []
  const ids = [...tables.values()]
    .flatMap((table, order) =>
      idsFrom(table, { tag, from, size }).map((id) => ({ id, order, table })),
    )
    .sort((a, b) => (a.id === b.id ? a.order - b.order : a.id < b.id ? -1 : 1))

  const rows: TagRow[] = []
  let last: string | undefined
  for (const place of ids) {
    for (const [n, name] of tagsOf(place.table.get(place.id) ?? place).entries()) {
      if (tag !== undefined && name !== tag) continue
      if (place.id === from && isBefore([place.order, n], [Number(order), Number(nth)])) continue
      if (rows.length >= size) return last === undefined ? { rows } : { rows, last }
      rows.push({ tag: name, entity: place.table.entity.name, id: place.id })
      last = `${place.id} ${place.order} ${n}`
    }
  }
  return { rows }
}

/** Each row has a tag at least, so one more than a page's worth is enough; two, as the first may be read already. */
function idsFrom(
  table: Table,
  { tag, from, size }: { tag: string | undefined; from: string; size: number },
): readonly string[] {
  const ids = tag === undefined ? table.tagged : table.withTag(tag)
  const start = firstFrom(ids, from)
  return ids.slice(start, start + size + 2)
}

function isBefore([order, nth]: [number, number], [lastOrder, lastNth]: [number, number]): boolean {
  return order === lastOrder ? nth <= lastNth : order < lastOrder
}

import type { Row, RowReader } from '../schema/entity.ts'
import { getOwn, isObject } from '../schema/field.ts'
import { type Entry, noteErrors } from './entries.ts'

/** Asks each row whether it may stand beside the others; the entries note why not. */
export function relateRows(entries: readonly Entry[]): void {
  const asking = entries.filter(({ entity, row }) => entity.relate !== undefined && row)
  if (asking.length === 0) return

  const rows = createReader(entries)
  for (const entry of asking) {
    const { entity, row, sent } = entry
    const errors = row && entity.relate?.(row, rows, sent)
    if (errors !== undefined) noteErrors(entry, errors)
  }
}

/** The rows of a document as a store would tell of them. */
function createReader(entries: readonly Entry[]): RowReader {
  const byId = new Map<string, Row>()
  for (const { entity, row } of entries) if (row) byId.set(`${entity.name}:${row.id}`, row)

  const families = new Map<string, ReadonlyMap<string, readonly Row[]>>()
  const familyOf = (entity: string, field: string) => {
    const place = `${entity}:${field}`
    const known = families.get(place) ?? childrenById(entries, entity, field)
    families.set(place, known)
    return known
  }
  return {
    get: (entity, id) => byId.get(`${entity}:${id}`),
    children: (entity, field, id) => familyOf(entity, field).get(id) ?? [],
  }
}

function childrenById(
  entries: readonly Entry[],
  table: string,
  field: string,
): ReadonlyMap<string, readonly Row[]> {
  const children = new Map<string, Row[]>()
  for (const { entity, row } of entries) {
    if (entity.name !== table || row === undefined) continue
    const reference = getOwn(row, field)
    const id = isObject(reference) ? getOwn(reference, 'id') : undefined
    if (typeof id !== 'string') continue
    const siblings = children.get(id)
    if (siblings === undefined) children.set(id, [row])
    else siblings.push(row)
  }
  return children
}

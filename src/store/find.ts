import { isUuid } from '../lib/uuid.ts'
import type { Row } from '../schema/entity.ts'
import { idOf } from './links.ts'
import type { Table } from './table.ts'

/** The children of one row, by the field that points at it. */
export interface Within {
  readonly field: string
  readonly id: string
}

/** The row a path means: text shaped like a UUID is an id, any other the endpoint key. */
export function findIn(table: Table, idOrKey: string, within?: Within): Row | undefined {
  const row = isUuid(idOrKey) ? table.get(idOrKey) : findByKey(table, idOrKey, within)
  return row !== undefined && isWithin(row, within) ? row : undefined
}

/** Whether the row is one of these children; any row is when none are asked for. */
export function isWithin(row: Row, within: Within | undefined): boolean {
  return within === undefined || idOf(row[within.field]) === within.id
}

function findByKey(table: Table, key: string, within: Within | undefined): Row | undefined {
  const { endpointKey, nestedKey } = table.entity
  const name = (within && nestedKey) ?? endpointKey
  if (name === undefined) return undefined
  if (table.entity.fields[name]?.unique === true || within === undefined) {
    return table.findUnique([name], { [name]: key })
  }
  // A target's text is unique in its upstream only.
  const { field, id } = within
  const together = table.uniques.find(
    ({ fields }) => fields.length === 2 && fields.includes(name) && fields.includes(field),
  )
  const found = together?.find({ [name]: key, [field]: { id } })
  return found === undefined ? undefined : table.get(found)
}

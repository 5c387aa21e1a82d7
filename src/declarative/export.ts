import { stringify } from 'yaml'
import type { Row } from '../schema/entity.ts'
import { getOwn, isObject } from '../schema/field.ts'

/** The tables as a file: flat, in today's format, with references as bare ids. */
export function exportDeclarative(tables: Readonly<Record<string, readonly Row[]>>): string {
  const document: Record<string, unknown> = { _format_version: '3.0', _transform: false }
  for (const [name, rows] of Object.entries(tables)) {
    if (rows.length > 0) document[name] = rows.map(flatten)
  }
  return stringify(document, {
    aliasDuplicateObjects: false,
    lineWidth: 0,
    nullStr: '~',
    singleQuote: true,
  })
}

function flatten(row: Row): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const id =
        isObject(value) && Object.keys(value).length === 1 ? getOwn(value, 'id') : undefined
      return [name, id ?? value]
    }),
  )
}

import type { Entity, Row } from '../schema/entity.ts'
import { type Field, type Fields, getOwn, isObject, setOwn } from '../schema/field.ts'
import { fieldsOf, kindOf } from '../schema/kind.ts'
import { referencesOf } from '../store/links.ts'
import type { Tables } from './changes.ts'
import { yamlOf } from './yaml-text.ts'

/** The tables as a file: flat, in today's format, with references as bare ids. */
export function exportDeclarative(entities: readonly Entity[], tables: Tables): string {
  const document: Record<string, unknown> = { _format_version: '3.0', _transform: false }
  for (const entity of entities) {
    const rows = tables[entity.name] ?? []
    if (rows.length > 0) document[entity.name] = rows.map((row) => flatten(entity, row))
  }
  return yamlOf(document)
}

function flatten(entity: Entity, row: Row): Record<string, unknown> {
  const fields = fieldsOf(entity, kindOf(entity, row).subschema)
  const flat = lasting(fields, row)
  for (const { field } of referencesOf(entity)) {
    const value = getOwn(row, field)
    if (isObject(value)) flat[field] = getOwn(value, 'id')
  }
  return flat
}

/** What a row itself keeps: not what other rows tell of it, and no field by its old name too. */
function lasting(fields: Fields, value: Readonly<Record<string, unknown>>, old: Fields = {}) {
  const kept: Record<string, unknown> = {}
  for (const name of Object.keys(value)) {
    const field: Field | undefined = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (field?.transient === true || (field === undefined && Object.hasOwn(old, name))) continue
    const item = getOwn(value, name)
    const inner = field?.type === 'record' && isObject(item) ? field.fields : undefined
    const shown = inner && isObject(item) ? lasting(inner, item, field?.shorthand_fields) : item
    setOwn(kept, name, shown)
  }
  return kept
}

import { perObject } from '../lib/per-object.ts'
import type { Entity, Row } from '../schema/entity.ts'
import { entriesOf } from '../schema/field.ts'

/** A field that points at rows of a table. */
export interface Reference {
  readonly field: string
  readonly to: string
  readonly onDelete: 'cascade' | 'null' | 'restrict'
}

/** The fields of an entity that point at rows. */
export const referencesOf = perObject(({ fields }: Entity): readonly Reference[] =>
  entriesOf(fields).flatMap(([name, { reference, on_delete: onDelete = 'restrict' }]) =>
    reference === undefined ? [] : [{ field: name, to: reference, onDelete }],
  ),
)

/** The id a reference holds. */
export function idOf(reference: unknown): string | undefined {
  if (typeof reference !== 'object' || reference === null || !('id' in reference)) return undefined
  return typeof reference.id === 'string' ? reference.id : undefined
}

/** The id of the row that a row's field points at, as tables know it. */
export function parentOf(row: Row, field: string): string | undefined {
  return idOf(row[field])?.toLowerCase()
}

/** The row's tags; none when it has the field unset or not at all. */
export function tagsOf({ tags }: Row): readonly string[] {
  return Array.isArray(tags) ? tags : NONE
}

const NONE: readonly string[] = []

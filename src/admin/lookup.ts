import { isUuid } from '../lib/uuid.ts'
import type { Entity, Row } from '../schema/entity.ts'
import { entityErrors } from '../schema/entity-error.ts'
import { checkEndpointKey } from '../schema/validate.ts'
import type { Reads } from '../store/reads.ts'
import type { Members } from './form.ts'

/** What a path segment names: an id, or a value of the endpoint key. */
export interface Key {
  readonly field: string
  readonly value: string
}

/** Reads a segment as an id or an endpoint key; throws Kong's error for one that can be neither. */
export function keyOf(entity: Entity, segment: string): Key {
  if (isUuid(segment)) return { field: 'id', value: segment }
  if (entity.endpointKey === undefined) {
    throw entityErrors.invalidPrimaryKey()
  }
  if (entity.lenientKey !== true) checkEndpointKey(entity, segment)
  return { field: entity.endpointKey, value: segment }
}

/** The row a key names. */
export function rowAt(rows: Reads, entity: Entity, key: Key): Row | undefined {
  return key.field === 'id'
    ? rows.get(entity.name, key.value)
    : rows.getBy(entity.name, key.field, key.value)
}

/** The row a path segment names. */
export function locate(rows: Reads, entity: Entity, segment: string): Row | undefined {
  return rowAt(rows, entity, keyOf(entity, segment))
}

/** Kong's code 6, for a PATCH of nothing. */
export function absent(key: Key): Error {
  return key.field === 'id'
    ? entityErrors.notFoundById({ id: key.value })
    : entityErrors.notFoundByKey({ [key.field]: key.value })
}

/** A copy of the input with some members forced, and `id` dropped unless forced. */
export function forced(input: Members, members: Members): Members {
  const { id: _ignored, ...rest } = input
  return { ...rest, ...members }
}

/** The id a row's foreign field holds. */
export function foreignIdOf(row: Row, field: string): string | undefined {
  const value = row[field]
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined
  return typeof value.id === 'string' ? value.id : undefined
}

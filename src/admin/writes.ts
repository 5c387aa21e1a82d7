import type { Entity, Row } from '../schema/entity.ts'
import { entityErrors } from '../schema/entity-error.ts'
import {
  rowForInsert,
  rowForUpdate,
  rowForUpsert,
  type ValidateContext,
} from '../schema/validate.ts'
import type { EntityStore } from '../store/entity-store.ts'
import type { Key } from './lookup.ts'

/** The changes an Admin request may make. `key` is how the client named the row. */
export interface Writes {
  insert(entity: Entity, input: unknown): Promise<Row>
  update(entity: Entity, row: Row, patch: unknown, key: Key): Promise<Row>
  upsert(entity: Entity, id: string, input: unknown, key: Key): Promise<Row>
  remove(entity: Entity, row: Row, key: Key): Promise<void>
}

/** Writes to the store. */
export function storeWrites(store: EntityStore): Writes {
  return {
    insert: (entity, input) => store.insert(entity.name, input),
    update: (entity, row, patch) => store.update(entity.name, row.id, patch),
    upsert: (entity, id, input) => store.upsert(entity.name, id, input),
    async remove(entity, row) {
      await store.remove(entity.name, row.id)
    },
  }
}

/** Without a database: checks the input as ever, then refuses (Kong's code 12). */
export function refusingWrites(context: () => ValidateContext): Writes {
  return {
    async insert(entity, input) {
      rowForInsert(entity, input, context())
      throw unsupported('create', entity)
    },
    async update(entity, row, patch, key) {
      rowForUpdate(entity, row, patch, context())
      throw unsupported('update', entity, key)
    },
    async upsert(entity, _id, input, key) {
      rowForUpsert(entity, input, context())
      throw unsupported('create or update', entity, key)
    },
    async remove(entity, _row, key) {
      throw unsupported('remove', entity, key)
    },
  }
}

function unsupported(verb: string, entity: Entity, key?: Key): Error {
  const by = key === undefined || key.field === 'id' ? '' : ` by '${key.field}'`
  return entityErrors.operationUnsupported(
    `cannot ${verb} '${entity.name}' entities${by} when not using a database`,
  )
}

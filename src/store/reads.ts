import type { Row } from '../schema/entity.ts'
import { findIn, type Within } from './find.ts'
import { type Tables, tableOf } from './tables.ts'

/** Ways to look rows up. They are as reads show them, and frozen. */
export interface Reads {
  get(entity: string, id: string): Row | undefined
  /** By a unique field. */
  getBy(entity: string, field: string, value: string): Row | undefined
  /** By what a path says: an id when it looks like one, else the endpoint key; only among `within`'s children. */
  find(entity: string, idOrKey: string, within?: Within): Row | undefined
  /** By id, ascending. */
  all(entity: string): readonly Row[]
  /** The rows of `entity` whose reference `field` points at the row `id`, by id. */
  children(entity: string, field: string, id: string): readonly Row[]
  /** Their ids alone. */
  childIds(entity: string, field: string, id: string): readonly string[]
}

/** Reads of these tables. */
export function readsOf(tables: Tables): Reads {
  const table = (entity: string) => tableOf(tables, entity)
  return {
    get: (entity, id) => table(entity).get(id),
    getBy: (entity, field, value) => table(entity).findUnique([field], { [field]: value }),
    find: (entity, idOrKey, within) => findIn(table(entity), idOrKey, within),
    all: (entity) => table(entity).rows,
    children: (entity, field, id) => {
      const rows = table(entity)
      return rows.children(field, id).flatMap((child) => rows.get(child) ?? [])
    },
    childIds: (entity, field, id) => table(entity).children(field, id),
  }
}

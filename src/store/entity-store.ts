import { contextOf } from '../schema/context.ts'
import type { Entity, Row } from '../schema/entity.ts'
import { type CommitterOptions, createCommitter } from './committer.ts'
import { findIn, type Within } from './find.ts'
import { checkedRows } from './integrity.ts'
import { type Page, type PageOptions, pageOf } from './page.ts'
import { planInsert, planUpdate, planUpsert } from './plan.ts'
import { planRemoval } from './removal.ts'
import { type Change, editsTo, tableOf } from './tables.ts'
import { type TagPage, type TagPageOptions, tagPageOf } from './tag-page.ts'

/** All entities, in memory and in the port. Reads give rows as reads show them; all rows are frozen. */
export interface EntityStore {
  readonly revision: number
  readonly entities: readonly Entity[]
  /** Takes in all that the port has; to be awaited once, at start. */
  load(): Promise<void>
  /** Takes in what other writers committed; true when there was something. */
  refresh(): Promise<boolean>
  get(entity: string, id: string): Row | undefined
  /** By a unique field. */
  getBy(entity: string, field: string, value: string): Row | undefined
  /** By what a path says: an id when it looks like one, else the endpoint key; only among `within`'s children. */
  find(entity: string, idOrKey: string, within?: Within): Row | undefined
  /** By id, ascending. */
  all(entity: string): readonly Row[]
  page(entity: string, options: PageOptions): Page
  tags(options: TagPageOptions): TagPage
  insert(entity: string, input: unknown): Promise<Row>
  update(entity: string, id: string, patch: unknown): Promise<Row>
  /** Makes the row or replaces it whole; the id stays as given. */
  upsert(entity: string, id: string, input: unknown): Promise<Row>
  /** Removes a row with all that hangs on it; false when there was none. */
  remove(entity: string, id: string): Promise<boolean>
  /** Makes these rows all there is, in one commit. */
  replace(rows: Readonly<Record<string, readonly Row[]>>): Promise<void>
  /** Calls after each commit, before the write's promise resolves. */
  subscribe(listener: (changes: readonly Change[]) => void): void
}

/** A store with nothing in it until `load`. */
export function createEntityStore(options: CommitterOptions): EntityStore {
  const { entities, runtime } = options
  const committer = createCommitter(options)
  const { tables } = committer
  const table = (entity: string) => tableOf(tables, entity)
  const context = () => contextOf(runtime)

  return {
    get revision() {
      return committer.revision
    },
    entities,
    load: committer.load,
    refresh: committer.refresh,
    subscribe: committer.subscribe,

    get: (entity, id) => table(entity).get(id),
    getBy: (entity, field, value) => table(entity).findUnique([field], { [field]: value }),
    find: (entity, idOrKey, within) => findIn(table(entity), idOrKey, within),
    all: (entity) => table(entity).rows,
    page: (entity, options) => pageOf(table(entity), options),
    tags: (options) => tagPageOf(tables, options),

    insert: (entity, input) =>
      committer.write(() =>
        planInsert({ tables, table: table(entity), context: context() }, input),
      ),
    update: (entity, id, patch) =>
      committer.write(() =>
        planUpdate({ tables, table: table(entity), context: context() }, { id, patch }),
      ),
    upsert: (entity, id, input) =>
      committer.write(() =>
        planUpsert({ tables, table: table(entity), context: context() }, { id, input }),
      ),
    remove: (entity, id) =>
      committer.write(() => {
        const row = table(entity).get(id)
        if (row === undefined) return { edits: [], result: () => false }
        return { edits: planRemoval(tables, entity, row.id), result: () => true }
      }),
    replace: (rows) =>
      committer.write(() => ({
        edits: editsTo(tables, checkedRows(entities, rows)),
        result: () => undefined,
      })),
  }
}

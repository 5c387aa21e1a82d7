import { contextOf } from '../schema/context.ts'
import type { Entity, Row } from '../schema/entity.ts'
import { type Committer, type CommitterOptions, createCommitter } from './committer.ts'
import { type Draft, openDraft } from './draft.ts'
import { editsBack } from './history.ts'
import type { LoadedConfig } from './loaded.ts'
import { type Page, type PageOptions, pageOf } from './page.ts'
import { type Expect, planInsert, planRemove, planUpdate, planUpsert } from './plan.ts'
import { type Reads, readsOf } from './reads.ts'
import { planReplacement } from './replacement.ts'
import type { Revision } from './revision.ts'
import { createSweeper } from './sweep.ts'
import { type Change, tableOf } from './tables.ts'
import { type TagPage, type TagPageOptions, tagPageOf } from './tag-page.ts'

/** What a write may ask for. */
export interface WriteOptions {
  /** Throws when the row, as reads show it, is not what the writer believes; undefined when there is none. */
  readonly expect?: Expect
  /** Who asked, for the history. */
  readonly by?: string
}

type By = Pick<WriteOptions, 'by'>

interface ReplaceOptions extends By {
  readonly loaded?: LoadedConfig | undefined
  /** Whether the rows were held against one another already, as those of a document are. */
  readonly compared?: boolean
}

/** All entities, in memory and in the port. Reads give rows as reads show them; all rows are frozen. */
export interface EntityStore extends Reads {
  readonly revision: number
  /** The declarative text that all there is came from, where it came from one. */
  readonly loaded: LoadedConfig | undefined
  readonly entities: readonly Entity[]
  /** Takes in all that the port has; to be awaited once, at start. */
  load(): Promise<void>
  /** Takes in what other writers committed; true when there was something. */
  refresh(): Promise<boolean>
  page(entity: string, options: PageOptions): Page
  tags(options: TagPageOptions): TagPage
  insert(entity: string, input: unknown, options?: WriteOptions): Promise<Row>
  update(entity: string, id: string, patch: unknown, options?: WriteOptions): Promise<Row>
  /** Makes the row or replaces it whole. */
  upsert(entity: string, id: string, input: unknown, options?: WriteOptions): Promise<Row>
  /** Removes a row with all that hangs on it; false when there was none. */
  remove(entity: string, id: string, options?: WriteOptions): Promise<boolean>
  /** Makes these rows all there is, in one commit that tells where they come from. */
  replace(rows: Readonly<Record<string, readonly Row[]>>, options?: ReplaceOptions): Promise<void>
  /**
   * Several writes as one commit, all or none. The work writes through the draft alone and waits for
   * no other write; after another's commit it is done again.
   */
  batch<T>(work: (draft: Draft) => Promise<T>, options?: By): Promise<T>
  /** The revisions that can be gone back to, newest first. */
  revisions(): readonly Revision[]
  /** Makes all as it was at the end of a revision, and gives the new one; undefined when that is not kept. */
  restore(revision: number, options?: By): Promise<number | undefined>
  /** Calls after each commit, before the write's promise resolves. */
  subscribe(listener: (changes: readonly Change[]) => void): void
}

type Writes = Pick<
  EntityStore,
  'insert' | 'update' | 'upsert' | 'remove' | 'replace' | 'batch' | 'restore'
>

/** A store with nothing in it until `load`. */
export function createEntityStore(options: CommitterOptions): EntityStore {
  const { entities, runtime } = options
  const committer = createCommitter(options)
  const { tables, history } = committer
  const sweep = createSweeper(committer, runtime)
  const write: Committer['write'] = async (plan, by) => {
    const result = await committer.write(plan, by)
    sweep()
    return result
  }
  return {
    get revision() {
      return committer.revision
    },
    get loaded() {
      return committer.loaded
    },
    entities,
    load: committer.load,
    async refresh() {
      const caughtUp = await committer.refresh()
      sweep()
      return caughtUp
    },
    subscribe: committer.subscribe,
    ...readsOf(tables),
    page: (entity, options) => pageOf(tableOf(tables, entity), options),
    tags: (options) => tagPageOf(tables, options),
    ...writesOf(options, committer, write),
    revisions: () => history.upTo(committer.revision),
  }
}

/** Each write as the plan it is. */
function writesOf(
  { entities, runtime }: CommitterOptions,
  committer: Committer,
  write: Committer['write'],
): Writes {
  const { tables, history } = committer
  const entityOf = (name: string) => tables.get(name)?.entity
  const context = () => ({ ...contextOf(runtime), entityOf })
  const place = (entity: string) => ({ tables, entity, context: context() })
  return {
    insert: (entity, input, { expect, by } = {}) =>
      write(() => planInsert(place(entity), { input, expect }), by),
    update: (entity, id, input, { expect, by } = {}) =>
      write(() => planUpdate(place(entity), { id, input, expect }), by),
    upsert: (entity, id, input, { expect, by } = {}) =>
      write(() => planUpsert(place(entity), { id, input, expect }), by),
    remove: (entity, id, { expect, by } = {}) =>
      write(() => planRemove(place(entity), { id, expect }), by),
    replace: (rows, { by, loaded, compared = false } = {}) =>
      write(async () => {
        const held = { entities, now: () => runtime.now(), compared }
        const plan = await planReplacement(tables, { rows, ...held })
        return { ...plan, loaded }
      }, by),
    batch: (work, { by } = {}) =>
      write(async () => {
        const { draft, close } = openDraft(tables, context)
        const result = await work(draft)
        return { edits: await close(), result: () => result }
      }, by),
    restore: (revision, { by } = {}) =>
      write(() => {
        const steps = history.between(committer.revision, revision)
        if (steps === undefined) return { edits: [], result: () => undefined }
        const edits = editsBack(tables, { steps, now: runtime.now() })
        return { edits, result: () => committer.revision }
      }, by),
  }
}

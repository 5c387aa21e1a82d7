import type { Entity, Row } from '../schema/entity.ts'
import { showRow } from '../schema/shown.ts'
import type { ValidateContext } from '../schema/validate.ts'
import type { EntityStore } from '../store/entity-store.ts'
import type { LoadedConfig } from '../store/loaded.ts'
import { createQueue } from '../store/queue.ts'
import { changesBetween, type RowChange, type Tables } from './changes.ts'
import { createEarlier, type GivenIds } from './memory.ts'
import { type RowsByTable, readDeclarative } from './read.ts'

/** What came of a document. */
export interface AppliedDocument {
  /** Its rows as the document has them, defaults filled in. */
  readonly shown: RowsByTable
  /** What is different from before by now; at a start nobody asks. */
  changes(): readonly RowChange[]
}

/** What a document is applied to. */
export interface ApplyOptions {
  readonly store: EntityStore
  readonly context: ValidateContext
  /** Kong's `flatten_errors`. */
  readonly flatten?: boolean
  /** The text that the document was. */
  readonly loaded?: LoadedConfig | undefined
}

/** The ids that nameless entries of a store's last document were given. */
const givenBy = new WeakMap<EntityStore, GivenIds>()

/** Makes a parsed document all there is; rejects with all that is wrong with it, and changes nothing. */
export function applyDocument(document: unknown, options: ApplyOptions): Promise<AppliedDocument> {
  const { store } = options
  const inTurn = queues.get(store) ?? createQueue()
  queues.set(store, inTurn)
  return inTurn(() => apply(document, options))
}

/** Reading takes turns with all else, so a later document must not overtake an earlier one. */
const queues = new WeakMap<EntityStore, ReturnType<typeof createQueue>>()

async function apply(
  document: unknown,
  { store, context, flatten = false, loaded }: ApplyOptions,
): Promise<AppliedDocument> {
  const { entities } = store
  const giving: GivenIds = new Map()
  const earlier = createEarlier({
    given: givenBy.get(store) ?? new Map(),
    giving,
    get: (entity, id) => store.get(entity, id),
    show: (entity: Entity, row: Row) => showRow(entity, row),
    hasRows: () => entities.some(({ name }) => store.all(name).length > 0),
  })
  const { rows, shown } = await readDeclarative(document, { entities, context, flatten, earlier })
  const before = tablesOf(store)
  await store.replace(rows, { loaded, compared: true })
  givenBy.set(store, giving)
  return { shown, changes: () => changesBetween(entities, { before, after: tablesOf(store) }) }
}

/** All rows as reads show them. */
export function tablesOf(store: EntityStore): Tables {
  return Object.fromEntries(store.entities.map(({ name }) => [name, store.all(name)]))
}

import { EntityError, entityErrors } from '../schema/entity-error.ts'
import type { Draft } from '../store/draft.ts'
import type { EntityStore } from '../store/entity-store.ts'
import type { Reads } from '../store/reads.ts'
import type { Key } from './lookup.ts'
import type { Call } from './resource.ts'

/** What entity routes work on. */
export interface Desk {
  readonly store: EntityStore
  newId(): string
  /** Work that writes once at most: no row but that one is copied. `key` is how the path names it. */
  write<T>(call: Call, work: Work<T>, key?: Key): Promise<T>
  /** Work that writes several times, as one commit. It may be done again when another was faster. */
  batch<T>(call: Call, work: Work<T>, key?: Key): Promise<T>
}

/** What a request does to the store; it reads and writes by its draft alone. */
export type Work<T> = (draft: Draft) => Promise<T>

/** What a desk is made of. */
export interface DeskOptions {
  readonly databaseless: boolean
  newId(): string
}

/** A desk over the store; one without a database refuses all writes. */
export function createDesk(store: EntityStore, { databaseless, newId }: DeskOptions): Desk {
  const batch = <T>({ by }: Call, work: Work<T>) => store.batch(work, { by })
  if (!databaseless)
    return { store, newId, batch, write: ({ by }, work) => work(direct(store, by)) }
  const refused: Desk['write'] = (call, work, key) =>
    batch(call, (draft) => work(refusing(draft, key)))
  return { store, newId, batch: refused, write: refused }
}

/** The store itself as a draft: each write is a commit. */
function direct(store: EntityStore, by: string): Draft {
  return {
    ...readsOf(store),
    insert: (entity, input, options) => store.insert(entity, input, { ...options, by }),
    update: (entity, id, patch, options) => store.update(entity, id, patch, { ...options, by }),
    upsert: (entity, id, input, options) => store.upsert(entity, id, input, { ...options, by }),
    remove: (entity, id, options) => store.remove(entity, id, { ...options, by }),
  }
}

function readsOf({ get, getBy, find, all, children, childIds }: EntityStore): Reads {
  return { get, getBy, find, all, children, childIds }
}

/** Kong: without a database the input is checked as ever, then refused (code 12). */
function refusing(draft: Draft, key: Key | undefined): Draft {
  return {
    ...draft,
    insert: (entity, ...rest) => refuse('create', { entity }, draft.insert(entity, ...rest)),
    update: (entity, ...rest) => refuse('update', { entity, key }, draft.update(entity, ...rest)),
    upsert: (entity, ...rest) =>
      refuse('create or update', { entity, key }, draft.upsert(entity, ...rest)),
    remove: (entity, ...rest) => refuse('remove', { entity, key }, draft.remove(entity, ...rest)),
  }
}

interface Refused {
  readonly entity: string
  readonly key?: Key | undefined
}

/** Kong: what only other rows forbid is never asked, for nothing is stored. */
const ASKED_OF_OTHERS: ReadonlySet<number> = new Set([3, 4, 5])

async function refuse(
  verb: string,
  { entity, key }: Refused,
  trial: Promise<unknown>,
): Promise<never> {
  try {
    await trial
  } catch (error) {
    if (!(error instanceof EntityError) || !ASKED_OF_OTHERS.has(error.code)) throw error
  }
  const by = key === undefined || key.field === 'id' ? '' : ` by '${key.field}'`
  throw entityErrors.operationUnsupported(
    `cannot ${verb} '${entity}' entities${by} when not using a database`,
  )
}

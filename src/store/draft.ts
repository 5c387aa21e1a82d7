import type { Row } from '../schema/entity.ts'
import type { ValidateContext } from '../schema/validate.ts'
import type { Plan } from './committer.ts'
import { createFork } from './fork.ts'
import { type Expect, planInsert, planRemove, planUpdate, planUpsert } from './plan.ts'
import { createQueue } from './queue.ts'
import { type Reads, readsOf } from './reads.ts'
import type { Edit, Tables } from './tables.ts'

/** What a write in a batch may ask for. */
export interface DraftOptions {
  /** Throws when the row, as reads show it, is not what the writer believes; undefined when there is none. */
  readonly expect?: Expect
}

/** Writes that become one commit, and reads that see them already. */
export interface Draft extends Reads {
  insert(entity: string, input: unknown, options?: DraftOptions): Promise<Row>
  update(entity: string, id: string, patch: unknown, options?: DraftOptions): Promise<Row>
  upsert(entity: string, id: string, input: unknown, options?: DraftOptions): Promise<Row>
  remove(entity: string, id: string, options?: DraftOptions): Promise<boolean>
}

/** A draft, and what came of it. */
export interface OpenDraft {
  readonly draft: Draft
  /** The edits of all its writes; it takes no more. */
  close(): Promise<readonly Edit[]>
}

/** A draft over tables that must not change while it is open. */
export function openDraft(base: Tables, context: () => ValidateContext): OpenDraft {
  const fork = createFork(base)
  const { tables } = fork
  const inTurn = createQueue()
  let open = true

  function write<T>(makePlan: () => Promise<Plan<T>> | Plan<T>): Promise<T> {
    return inTurn(async () => {
      if (!open) throw new Error('Cannot write: the batch is over')
      const plan = await makePlan()
      fork.apply(plan.edits)
      return plan.result()
    })
  }
  const place = (entity: string) => ({ tables, entity, context: context() })

  return {
    draft: {
      ...readsOf(tables),
      insert: (entity, input, { expect } = {}) =>
        write(() => planInsert(place(entity), { input, expect })),
      update: (entity, id, input, { expect } = {}) =>
        write(() => planUpdate(place(entity), { id, input, expect })),
      upsert: (entity, id, input, { expect } = {}) =>
        write(() => planUpsert(place(entity), { id, input, expect })),
      remove: (entity, id, { expect } = {}) =>
        write(() => planRemove(place(entity), { id, expect })),
    },
    close: () =>
      inTurn(async () => {
        open = false
        return fork.edits
      }),
  }
}

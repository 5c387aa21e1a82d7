import type { Runtime } from '../ports/runtime.ts'
import { EntityError } from '../schema/entity-error.ts'
import type { Committer, Plan } from './committer.ts'
import { planRemoval } from './removal.ts'
import type { Edit, Tables } from './tables.ts'

/** How long expired rows may lie about in the store, in ms. */
const SWEEP_EVERY = 60_000

/** Looks whether there is something to clear away; to be called now and then. */
export type Sweeper = () => void

/** Takes expired rows out of the store, beside what is going on. */
export function createSweeper(committer: Committer, runtime: Runtime): Sweeper {
  const { tables } = committer
  const mortal = [...tables.values()].filter(({ entity }) => entity.ttl === true)
  let next = 0

  async function sweep(): Promise<void> {
    try {
      await committer.write(() => planSweep(tables), 'expiry')
    } catch (error) {
      runtime.log('warn', 'Cannot take expired rows out of the store', { error })
    }
  }

  return () => {
    const now = runtime.now()
    if (now < next || mortal.every(({ expired }) => expired.length === 0)) return
    next = now + SWEEP_EVERY
    runtime.background(sweep())
  }
}

function planSweep(tables: Tables): Plan<void> {
  const edits = new Map<string, Edit>()
  for (const [entity, { expired }] of tables) {
    for (const id of expired) {
      for (const edit of removalOf(tables, entity, id)) {
        const key = `${edit.entity}:${edit.id}`
        if (edit.row === undefined || !edits.has(key)) edits.set(key, edit)
      }
    }
  }
  return { edits: [...edits.values()], result: () => undefined }
}

/** Nothing for a row that others need: it waits until they are gone. */
function removalOf(tables: Tables, entity: string, id: string): Edit[] {
  try {
    return planRemoval(tables, entity, id)
  } catch (error) {
    if (error instanceof EntityError) return []
    throw error
  }
}

import type { Store } from '../../src/ports/store.ts'
import type { StateRef } from './gateway-state.ts'
import { loadPages } from './sql-store.ts'

/** The Store of an isolate: calls to the Durable Object, each on behalf of the request that asks. */
export function createDurableStore(state: () => StateRef): Store {
  return {
    traits: { durable: true, shared: true },
    load: () => loadPages((after) => state().entries(after)),
    commit: (expectedRevision, batch) => state().commit(expectedRevision, batch),
    revision: () => state().revision(),
    close: async () => {},
  }
}

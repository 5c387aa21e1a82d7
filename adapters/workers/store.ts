import type { Store } from '../../src/ports/store.ts'
import type { CallState } from './gateway-state.ts'
import { loadPages } from './sql-store.ts'

/** The Store of an isolate: calls to the Durable Object, each made anew. */
export function createDurableStore(call: CallState): Store {
  return {
    traits: { durable: true, shared: true },
    load: () => loadPages((after) => call((state) => state.entries(after))),
    commit: (expectedRevision, batch) => call((state) => state.commit(expectedRevision, batch)),
    revision: () => call((state) => state.revision()),
    close: async () => {},
  }
}

import type { Runtime } from '../ports/runtime.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'

/** Where those are looked up who want to know. */
export interface MissingOptions {
  readonly snapshot: () => Pick<Snapshot, 'chains'>
  readonly runtime: Pick<Runtime, 'log'>
}

/** Tells the global plugins of a name that no certificate is stored for; a handshake waits for none. */
export function tellMissing({ snapshot, runtime }: MissingOptions): (serverName: string) => void {
  return (serverName) => {
    for (const { certificate } of snapshot().chains.global?.hooks ?? []) {
      try {
        certificate?.(serverName)
      } catch (error) {
        // Out of a handshake it would end the process.
        runtime.log('error', 'A plugin failed at a TLS handshake', { error })
      }
    }
  }
}

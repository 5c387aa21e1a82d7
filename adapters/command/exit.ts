import process from 'node:process'
import type { Runtime } from '../../src/ports/runtime.ts'
import type { Serving } from './serving.ts'

/** Stops what serves, its start waited for, and then ends the process. */
export function stopAndExit(runtime: Runtime, serving: Promise<Serving>): void {
  const stopped = serving.then((one) => one.stop())
  stopped.then(
    () => process.exit(0),
    (error: unknown) => {
      runtime.log('error', 'cannot stop cleanly', { error })
      process.exit(1)
    },
  )
}

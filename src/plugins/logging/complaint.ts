import type { Kit } from '../../pdk/kit.ts'

const SILENCE = 10_000

/** Tells in the log that entries were lost, and why; once in a while, with how many since then. */
export function createComplaint(
  { runtime, plugin }: Pick<Kit, 'runtime' | 'plugin'>,
  what: string,
) {
  let silentUntil = 0
  let lost = 0
  return (error: unknown): void => {
    lost++
    if (runtime.now() < silentUntil) return
    silentUntil = runtime.now() + SILENCE
    runtime.log('error', what, { plugin: plugin.name, id: plugin.id, dropped: lost, error })
    lost = 0
  }
}

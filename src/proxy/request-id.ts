import type { Runtime } from '../ports/runtime.ts'

const WORD = 0x100000000

/** Makes ids of 32 hex digits, as nginx' `$request_id` has; unique, not secret. */
export function requestIds(runtime: Pick<Runtime, 'random'>): () => string {
  const word = () =>
    Math.floor(WORD + runtime.random() * WORD)
      .toString(16)
      .slice(-8)
  return () => word() + word() + word() + word()
}

import type { Runtime } from '../ports/runtime.ts'
import type { ValidateContext } from './validate.ts'

/** Rows made now, on this machine; secrets are as hard to guess as its UUIDs. */
export function contextOf(runtime: Pick<Runtime, 'now' | 'uuid'>): ValidateContext {
  return {
    now: runtime.now(),
    newId: () => runtime.uuid(),
    secret: () => runtime.uuid().replaceAll('-', ''),
  }
}

import type { Hooks } from '../pdk/hooks.ts'
import type { Refused, Session } from '../pdk/session.ts'
import type { Runtime } from '../ports/runtime.ts'

type Log = Pick<Runtime, 'log'>

/** Runs a route's plugins before any peer is asked, until one refuses. */
export async function runPreread(
  chain: readonly Hooks[],
  session: Session,
  { log }: Log,
): Promise<Refused | undefined> {
  for (const hooks of chain) {
    try {
      const outcome = hooks.preread?.(session)
      const refused = outcome instanceof Promise ? await outcome : outcome
      if (typeof refused === 'object') return refused
    } catch (error) {
      log('error', 'A plugin failed', { phase: 'preread', route: session.route.id, error })
      return FAILED
    }
  }
  return undefined
}

/** Kong: a plugin that fails ends the session. */
const FAILED: Refused = { status: 500, said: new Uint8Array() }

/** Runs what is done after a session has ended. */
export function runSessionLog(chain: readonly Hooks[], session: Session, { log }: Log): void {
  for (const hooks of chain) {
    try {
      hooks.logSession?.(session)
    } catch (error) {
      log('error', 'A plugin failed', { phase: 'log', route: session.route.id, error })
    }
  }
}

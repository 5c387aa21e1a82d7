import type { Exchange } from '../../pdk/exchange.ts'
import type { Exit } from '../../pdk/exit.ts'
import type { Handshake } from '../../pdk/handshake.ts'
import { LuaEnd, LuaFault, type LuaMachine, type LuaTable } from '../../pdk/lua-engine.ts'
import type { Session } from '../../pdk/session.ts'
import type { KongPhase, LuaPhase } from './phases.ts'

/** One function running for one request, one session of a stream route, or one TLS handshake. */
export interface LuaRun {
  readonly phase: LuaPhase
  /** What of a session is there under the names of a request; the rest is an error in the code. */
  readonly exchange: Exchange
  readonly session: Session | undefined
  readonly handshake: Handshake | undefined
  /** Whose configuration the function is of. */
  readonly plugin: { readonly id: string; readonly name: string }
  /** The answer it ended the request with. */
  exit: Exit | undefined
  /** What `ngx.say` and `ngx.print` sent. */
  said: string
  /** What the body filter looks at; undefined in other phases. */
  readonly part: BodyPart | undefined
}

/** A piece of a body, as `ngx.arg` shows it. */
export interface BodyPart {
  chunk: string | undefined
  last: boolean
}

/** Tells functions of ours for whom they are called: Lua runs one function at a time. */
export interface LuaScope {
  /** Refuses a call in another phase, as Kong does. */
  run(...phases: readonly KongPhase[]): LuaRun
  /** Refuses a call in another phase, as nginx does. */
  nginx(...phases: readonly LuaPhase[]): LuaRun
  /** Makes it the current one for as long. */
  within<T>(run: LuaRun, act: () => T): T
}

/** Makes a scope nothing runs in. */
export function createScope(): LuaScope {
  let current: LuaRun | undefined
  const running = (): LuaRun => {
    if (current === undefined) throw new LuaFault('no request found')
    return current
  }
  return {
    run(...phases) {
      const run = running()
      if (phases.length > 0 && !phases.includes(run.phase)) {
        const where = phases.join(', ')
        throw new LuaFault(`function cannot be called in ${run.phase} phase (only in: ${where})`)
      }
      return run
    },
    nginx(...phases) {
      const run = running()
      if (phases.includes(run.phase)) return run
      const place = run.phase === 'certificate' ? 'ssl_certificate' : run.phase
      throw new LuaFault(`API disabled in the context of ${place}_by_lua*`)
    },
    within(run, act) {
      const before = current
      current = run
      try {
        return act()
      } finally {
        current = before
      }
    },
  }
}

/** What tells a line of the log whose it is. */
export function logFields(run: LuaRun): Readonly<Record<string, string>> {
  const { exchange, session, handshake } = run
  if (handshake !== undefined) return { serverName: handshake.serverName ?? '' }
  return session === undefined ? { requestId: exchange.id } : { route: session.route.id }
}

/** Ends the request with an answer; no code after it runs. */
export function endWith(run: LuaRun, exit: Exit): never {
  run.exit = exit
  throw new LuaEnd('the function answered')
}

/** A table of the request's own, made at first use. */
export function tableOf(
  { exchange: { shared } }: LuaRun,
  key: object | string,
  machine: LuaMachine,
): LuaTable {
  const found = shared.get(key)
  // Only tables are put under these keys, below.
  if (found !== undefined) return found as LuaTable
  const made = machine.newTable()
  shared.set(key, made)
  return made
}

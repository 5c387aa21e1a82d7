import { toByteString } from '../../lib/byte-string.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import { type Exit, FAILED, UNEXPECTED } from '../../pdk/exit.ts'
import type { Handshake } from '../../pdk/handshake.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { LuaFunction, LuaValue } from '../../pdk/lua-engine.ts'
import type { Session } from '../../pdk/session.ts'
import { exchangeAt } from './handshake-exchange.ts'
import { saidAnswer } from './ngx-answer.ts'
import { tellGroups } from './ngx-context.ts'
import { overAnswer } from './over-answer.ts'
import type { LuaPhase } from './phases.ts'
import { type BodyPart, type LuaRun, logFields } from './scope.ts'
import { exchangeOf } from './session-exchange.ts'
import type { World } from './world.ts'

/** The functions of one phase, ready to run. */
export interface Functions {
  /** Runs them in order until one answers; one that fails answers 500. */
  run(exchange: Exchange, part?: BodyPart): Exit | undefined
  /** Runs them in order until one fails, for a session that has ended. */
  runFor(session: Session): void
  /** Runs them in order until one fails or ends the handshake; gives whether it goes on. */
  runAt(handshake: Handshake): boolean
}

/** What the functions are of. */
export interface FunctionsOptions {
  readonly world: World
  readonly kit: Pick<Kit, 'plugin' | 'runtime'>
  readonly phase: LuaPhase
}

/** Compiles a phase's code; undefined for none. */
export function compileFunctions(
  sources: readonly string[],
  { world, kit, phase }: FunctionsOptions,
): Functions | undefined {
  if (sources.length === 0) return undefined
  const all = sources.map((source) => compileFunction(source, world))
  const answerOf = (run: LuaRun): Exit | undefined => {
    for (const call of all) {
      const { failure } = world.scope.within(run, call)
      if (failure !== undefined) return failed(run, kit, failure)
      if (run.exit !== undefined) return answeredBy(run, run.exit)
    }
    return saidAnswer(run)
  }
  return {
    run(exchange, part) {
      const run = runOf(exchange, { kit, phase, part })
      const exit = answerOf(run)
      tellGroups(run)
      return exit
    },
    runFor: (session) => void answerOf(runOfSession(session, { kit, phase })),
    runAt: (handshake) => {
      const run = runOf(exchangeAt(handshake), { kit, phase })
      return answerOf({ ...run, handshake }) === undefined
    },
  }
}

interface Called {
  readonly values: readonly LuaValue[]
  readonly failure: string | undefined
}

/** Kong: a function that the code gives is run in its place from then on, at once for the first time. */
export function compileFunction(source: string, { machine }: Pick<World, 'machine'>): () => Called {
  const chunk = machine.compile(toByteString(source))
  let given: LuaFunction | undefined
  let first = true
  const call = (it?: LuaFunction): Called => {
    const outcome = chunk.run(it)
    if (outcome.kind === 'failed') return { values: [], failure: outcome.message }
    return { values: outcome.kind === 'done' ? outcome.values : [], failure: undefined }
  }
  return () => {
    const called = call(given)
    const [value] = called.values
    if (!first) return called
    first = false
    if (typeof value !== 'object' || value?.kind !== 'function') return called
    given = value
    return call(given)
  }
}

type RunOptions = Pick<FunctionsOptions, 'kit' | 'phase'>

/** A run for one request. */
export function runOf(
  exchange: Exchange,
  { kit, phase, part }: RunOptions & { readonly part?: BodyPart | undefined },
): LuaRun {
  const { plugin } = kit
  const neither = { session: undefined, handshake: undefined }
  return { phase, exchange, ...neither, plugin, exit: undefined, said: '', part }
}

function answeredBy({ phase, exchange }: LuaRun, exit: Exit): Exit {
  return phase === 'header_filter' ? overAnswer(exit, exchange.response.headers.list) : exit
}

/** A run for one session. */
export function runOfSession(session: Session, options: RunOptions): LuaRun {
  return { ...runOf(exchangeOf(session), options), session }
}

/** Kong: a function that fails tells the log why, and the client nothing. */
function failed(
  run: LuaRun,
  { runtime, plugin }: Pick<Kit, 'plugin' | 'runtime'>,
  why: string,
): Exit {
  const fields = { plugin: plugin.name, phase: run.phase, ...logFields(run) }
  runtime.log('error', `A function failed: ${why}`, fields)
  return run.phase === 'access' ? UNEXPECTED : FAILED
}

import { toByteString } from '../../lib/byte-string.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import { type Exit, refusal } from '../../pdk/exit.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { LuaFunction, LuaValue } from '../../pdk/lua-engine.ts'
import { saidAnswer } from './ngx-answer.ts'
import type { BodyPart, LuaPhase, LuaRun } from './scope.ts'
import type { World } from './world.ts'

/** The functions of one phase, ready to run. */
export interface Functions {
  /** Runs them in order until one answers; one that fails answers 500. */
  run(exchange: Exchange, part?: BodyPart): Exit | undefined
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
  return {
    run(exchange, part) {
      const run = runOf(exchange, { kit, phase, part })
      for (const call of all) {
        const { failure } = world.scope.within(run, call)
        if (failure !== undefined) return failed(run, kit, failure)
        if (run.exit !== undefined) return run.exit
      }
      return saidAnswer(run)
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

/** A run for one request. */
export function runOf(
  exchange: Exchange,
  {
    kit,
    phase,
    part,
  }: Pick<FunctionsOptions, 'kit' | 'phase'> & { readonly part?: BodyPart | undefined },
): LuaRun {
  return { phase, exchange, plugin: kit.plugin, exit: undefined, said: '', part }
}

/** Kong: a function that fails tells the log why, and the client nothing. */
function failed(
  { phase, exchange }: LuaRun,
  { runtime, plugin }: Pick<Kit, 'plugin' | 'runtime'>,
  why: string,
): Exit {
  const fields = { plugin: plugin.name, phase, requestId: exchange.id }
  runtime.log('error', `A function failed: ${why}`, fields)
  return refusal(500, 'An unexpected error occurred')
}

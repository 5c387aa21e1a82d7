import { type Exit, FAILED, UNEXPECTED } from '../pdk/exit.ts'
import type { Hooks } from '../pdk/hooks.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Chain } from '../snapshot/chain.ts'
import type { LiveExchange } from './live-exchange.ts'

type Log = Pick<Runtime, 'log'>

/** What came of running hooks: at once where none of them waits. */
export type Ended = Exit | undefined | Promise<Exit | undefined>

/** Runs what global plugins do before there is a route. */
export function runRewrite(chain: Chain, exchange: LiveExchange, log: Log): Ended {
  return runFrom(0, chain.hooks, { exchange, phase: 'rewrite', log })
}

/** Runs a route's plugins until one answers. Each is chosen when its turn comes: then it is known who asks. */
export function runAccess(chain: Chain, exchange: LiveExchange, log: Log): Ended {
  if (chain.perConsumer) return runChoosing(chain, exchange, log)
  exchange.hooks = chain.hooks
  return runFrom(0, chain.hooks, { exchange, phase: 'access', log })
}

async function runChoosing(
  chain: Chain,
  exchange: LiveExchange,
  log: Log,
): Promise<Exit | undefined> {
  const chosen: Hooks[] = []
  exchange.hooks = chosen
  let exit: Exit | undefined
  for (const { hooks, ofConsumer } of chain.steps) {
    const { consumer } = exchange
    const now = consumer === undefined ? hooks : (ofConsumer?.(consumer.id) ?? hooks)
    if (now === undefined) continue
    // Kong: those behind an answer still see it leave.
    chosen.push(now)
    if (exit === undefined) exit = await runFrom(0, [now], { exchange, phase: 'access', log })
  }
  return exit
}

/**
 * Runs all that is done with an answer; one that answers anew replaces it, and the rest see that.
 * A promise only where one of them waits.
 */
export function runResponse(
  exchange: LiveExchange,
  replace: (exit: Exit) => void,
  log: Log,
): Promise<void> | undefined {
  return respondFrom(0, { run: { exchange, phase: 'response', log }, replace })
}

interface Responses {
  readonly run: Run
  readonly replace: (exit: Exit) => void
}

function respondFrom(first: number, responses: Responses): Promise<void> | undefined {
  const { run, replace } = responses
  const { hooks } = run.exchange
  for (let i = first; i < hooks.length; i++) {
    const one = hooks[i]
    if (one?.response === undefined) continue
    const ended = runOne(one, run)
    if (ended instanceof Promise) {
      return ended.then((exit) => {
        if (exit !== undefined) replace(exit)
        return respondFrom(i + 1, responses)
      })
    }
    if (ended !== undefined) replace(ended)
  }
  return undefined
}

/** Runs what is done after the answer has left. */
export function runLog(exchange: LiveExchange, { log }: Log): void {
  for (const hooks of exchange.hooks) {
    try {
      hooks.log?.(exchange)
    } catch (error) {
      log('error', 'A plugin failed', { phase: 'log', requestId: exchange.id, error })
    }
  }
}

interface Run {
  readonly exchange: LiveExchange
  readonly phase: 'rewrite' | 'access' | 'response'
  readonly log: Log
}

function runFrom(first: number, all: readonly Hooks[], run: Run): Ended {
  for (let i = first; i < all.length; i++) {
    const hooks = all[i]
    if (hooks?.[run.phase] === undefined) continue
    const ended = runOne(hooks, run)
    if (ended instanceof Promise) return ended.then((exit) => exit ?? runFrom(i + 1, all, run))
    if (ended !== undefined) return ended
  }
  return undefined
}

/** Never rejects nor throws: what fails is an answer. */
function runOne(hooks: Hooks, run: Run): Ended {
  try {
    const outcome = hooks[run.phase]?.(run.exchange)
    if (outcome instanceof Promise) return settled(outcome, run)
    if (typeof outcome === 'object') return outcome
  } catch (error) {
    return failed(error, run)
  }
  return undefined
}

async function settled(outcome: Promise<unknown>, run: Run): Promise<Exit | undefined> {
  try {
    const exit = await outcome
    // An Outcome is an Exit or nothing.
    return typeof exit === 'object' ? (exit as Exit) : undefined
  } catch (error) {
    return failed(error, run)
  }
}

/** Kong: a plugin that fails answers 500, and tells the client nothing else. */
function failed(error: unknown, { exchange, phase, log }: Run): Exit {
  log.log('error', 'A plugin failed', { phase, requestId: exchange.id, error })
  return phase === 'access' ? UNEXPECTED : FAILED
}

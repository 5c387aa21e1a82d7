import { toByteString } from '../../lib/byte-string.ts'
import type { HeaderList } from '../../lib/header-list.ts'
import type { Exchange } from '../../pdk/exchange.ts'
import { type Exit, exitWith, refusal, UNEXPECTED } from '../../pdk/exit.ts'
import type { Hooks } from '../../pdk/hooks.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { Runtime } from '../../ports/runtime.ts'
import { identifierOf, type Telling } from './identifier.ts'
import { bookKey, type Keeping, limitsIn, openTally } from './open-tally.ts'
import type { Counts, PeriodLimit, Tally } from './tally.ts'
import { toldUses } from './told-uses.ts'

/** What response-ratelimiting is told. */
export interface UsesConfig extends Keeping, Telling {
  readonly header_name: string | null
  readonly fault_tolerant: boolean
  readonly block_on_first_violation: boolean
  readonly hide_client_headers: boolean
  readonly limits: Readonly<Record<string, Readonly<Record<PeriodLimit['period'], number | null>>>>
}

/** A limit's name, its periods and its counters. */
interface Named {
  readonly name: string
  /** As a header may hold it. */
  readonly shown: string
  readonly limits: readonly PeriodLimit[]
  readonly tally: Tally
}

/** What was counted when the request came. */
interface State {
  readonly identifier: string
  readonly now: number
  readonly before: readonly Counts[]
}

/** One configuration at work. */
interface Limiting {
  readonly config: UsesConfig
  readonly named: readonly Named[]
  readonly runtime: Runtime
  readonly key: object
}

/** Makes the hooks that let uses pass as the upstream tells them. */
export function limitUses(config: UsesConfig, kit: Kit): Hooks {
  const { runtime } = kit
  const named = openNamed(config, kit)
  const identify = identifierOf(config)
  const key = {}
  const limiting: Limiting = { config, named, runtime, key }

  return {
    access(exchange) {
      const [identifier, now] = [identify(exchange), runtime.now()]
      const counts = named.map(({ tally }) => tally.read(identifier, now))
      if (counts.every(isKnown))
        return enter(limiting, exchange, { identifier, now, before: counts })
      return Promise.all(counts).then(
        (before) => enter(limiting, exchange, { identifier, now, before }),
        (error) => unknown(limiting, error),
      )
    },
    response(exchange) {
      const state = exchange.shared.get(key) as State | undefined // Only `enter` sets it.
      return state === undefined ? undefined : leave(limiting, exchange, state)
    },
  }
}

function enter({ config, named, key }: Limiting, exchange: Exchange, state: State) {
  const full = config.block_on_first_violation && named.find((_, i) => hasFull(named, state, i))
  if (full) return refusal(429, `API rate limit exceeded for '${full.name}'`)
  for (const [i, { shown }] of named.entries()) {
    const left = Math.min(...leftIn(named, state, i))
    exchange.upstream.headers.set(`X-RateLimit-Remaining-${shown}`, `${left}`)
  }
  exchange.shared.set(key, state)
  return undefined
}

/** Without counts a request passes as if there were no limits, where that is tolerated. */
function unknown(limiting: Limiting, error: unknown): Exit | undefined {
  report(limiting, error)
  const { fault_tolerant: isTolerated } = limiting.config
  return isTolerated ? undefined : UNEXPECTED
}

function report({ runtime }: Limiting, error: unknown): void {
  runtime.log('error', 'Cannot count uses', { plugin: 'response-ratelimiting', error })
}

function leave(limiting: Limiting, exchange: Exchange, state: State): Exit | undefined {
  const { config, named, runtime } = limiting
  const { headers } = exchange.response
  const header = config.header_name ?? 'x-kong-limit'
  const uses = toldUses(headers.all(header), (name) => named.some((one) => one.name === name))
  const isOver = named.some(({ name }, i) => (uses.get(name) ?? 0) > 0 && hasFull(named, state, i))
  // Kong: of what is refused, too, it tells what would be left; it is not counted.
  if (!config.hide_client_headers) tell(exchange, named, state, uses)
  headers.delete(header)
  if (isOver) return exitWith(429, { headers: withoutLength(headers.list) })
  for (const { name, tally } of named) {
    const by = uses.get(name) ?? 0
    const added = by === 0 ? undefined : tally.add(state.identifier, by, state.now)
    if (added !== undefined) runtime.background(added.catch((error) => report(limiting, error)))
  }
  return undefined
}

function openNamed(config: UsesConfig, kit: Kit): readonly Named[] {
  const key = bookKey('response-ratelimit', kit.plugin)
  return Object.entries(config.limits).map(([name, periods]) => {
    const limits = limitsIn(periods)
    const tally = openTally(config, kit, { key, name, limits })
    return { name, shown: toByteString(name).replace(NO_TOKEN, '-'), limits, tally }
  })
}

/** What no header's name can hold. */
const NO_TOKEN = /[^!#$%&'*+.^_`|~0-9A-Za-z-]/g

function isKnown(counts: Counts | Promise<Counts>): counts is Counts {
  return !(counts instanceof Promise)
}

/** What is left of a limit, by its periods. */
function leftIn(named: readonly Named[], { before }: State, i: number): number[] {
  const limits = named[i]?.limits ?? []
  return limits.map(({ limit }, place) => limit - (before[i]?.[place] ?? 0))
}

function hasFull(named: readonly Named[], state: State, i: number): boolean {
  return leftIn(named, state, i).some((left) => left <= 0)
}

function tell(
  { response }: Exchange,
  named: readonly Named[],
  state: State,
  uses: ReadonlyMap<string, number>,
): void {
  for (const [i, { name, shown, limits }] of named.entries()) {
    const left = leftIn(named, state, i)
    for (const [place, { period, limit }] of limits.entries()) {
      const remaining = Math.max(0, (left[place] ?? 0) - (uses.get(name) ?? 0))
      response.headers.set(`X-RateLimit-Limit-${shown}-${period}`, `${limit}`)
      response.headers.set(`X-RateLimit-Remaining-${shown}-${period}`, `${remaining}`)
    }
  }
}

/** Kong: what the upstream said stays, but for its body. */
function withoutLength(list: readonly string[]): HeaderList {
  const kept: HeaderList = []
  for (let i = 0; i < list.length; i += 2) {
    // The loop keeps i and i + 1 below the list's even length.
    const name = list[i] as string
    if (!BODY_HEADERS.has(name.toLowerCase())) kept.push(name, list[i + 1] as string)
  }
  return kept
}

const BODY_HEADERS = new Set([
  'content-length',
  'transfer-encoding',
  'content-encoding',
  'connection',
])

import type { LookupFailure } from '../ports/resolver.ts'
import type { NameTimes } from '../settings/dns.ts'
import type { Step } from './candidates.ts'
import type { Lookup } from './lookup.ts'
import type { ResolvedAddress } from './services.ts'

/** What is known of a name. */
export interface Known {
  /** The last good ones; undefined before the first, and after the name has ceased to exist. */
  readonly addresses: readonly ResolvedAddress[] | undefined
  /** Why the latest lookup brought nothing; undefined when it did. */
  readonly failure: LookupFailure | undefined
  readonly failures: number
  /** Till then the addresses are used as they are. */
  readonly freshUntil: number
  /** Till then they are used at once, and asked for again behind the request's back. */
  readonly usableUntil: number
  /** After that, word that there is no such name takes them away. */
  readonly keptUntil: number
  /** No request asks again before. */
  readonly failedUntil: number
  /** When a name that is kept fresh is asked for again. */
  readonly dueAt: number
  /** What led to the addresses. */
  readonly last: Step | undefined
}

/** A name nobody has asked for yet. */
export const UNKNOWN: Known = {
  addresses: undefined,
  failure: undefined,
  failures: 0,
  freshUntil: 0,
  usableUntil: 0,
  keptUntil: 0,
  failedUntil: 0,
  dueAt: 0,
  last: undefined,
}

/** When a lookup ended, and a number in [0, 1) against names that are asked for in step. */
export interface Moment {
  readonly now: number
  readonly random: number
  readonly times: NameTimes
}

/** Kong: a name whose records are never to be kept is looked at again after this. */
const RECHECK = 60_000
const LONGEST_PAUSE = 30_000
/** A zone's mistake must not hold an address for weeks. */
const LONGEST_TTL = 86_400_000

/** Takes a lookup's result in. A failure never takes the last good addresses away at once. */
export function learn(known: Known, result: Lookup, moment: Moment): Known {
  if (!result.ok) return fail(known, result.reason, moment)
  const { incomplete } = result
  // Half an answer is better than none, but not than the whole one of before.
  if (incomplete !== undefined && known.addresses !== undefined) {
    return fail(known, incomplete, moment)
  }

  const { now, random, times } = moment
  // Kong: what a hosts file says holds as it did, dns_valid_ttl is for records.
  const wholeTtl = result.ownTtl ? result.ttl : (times.validTtl ?? result.ttl)
  const ttl = Math.min(incomplete === undefined ? wholeTtl : times.errorTtl, LONGEST_TTL)
  const freshUntil = now + ttl
  const keptUntil = freshUntil + times.staleTtl
  return {
    addresses: sameOrNew(known.addresses, sorted(result.addresses)),
    failure: undefined,
    failures: 0,
    freshUntil,
    usableUntil: ttl === 0 ? now : keptUntil,
    keptUntil,
    failedUntil: 0,
    dueAt: ttl === 0 ? now + RECHECK : freshUntil + spread(ttl, random),
    last: result.last,
  }
}

function fail(known: Known, failure: LookupFailure, { now, random, times }: Moment): Known {
  const isGone = failure === 'nxdomain' || failure === 'empty'
  const pause = isGone ? times.notFoundTtl : times.errorTtl
  const failures = known.failures + 1
  // What is asked for again and again without success is asked for less and less.
  const growing = Math.max(pause, Math.min(LONGEST_PAUSE, pause * 2 ** Math.min(failures - 1, 10)))
  return {
    ...known,
    addresses: isGone && now >= known.keptUntil ? undefined : known.addresses,
    failure,
    failures,
    failedUntil: now + pause,
    dueAt: now + growing + spread(growing, random),
  }
}

/** A tenth of the time, and no less than is needed to tell names apart that were asked for at once. */
function spread(time: number, random: number): number {
  return random * Math.min(Math.max(time / 10, 100), 10_000)
}

/** Servers turn the records round; what is the same stays in the same order, each once. */
function sorted(addresses: readonly ResolvedAddress[]): ResolvedAddress[] {
  const byPlace = new Map(
    addresses.map((one) => [`${one.ip} ${one.port ?? ''} ${one.name ?? ''}`, one]),
  )
  return [...byPlace].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, address]) => address)
}

function sameOrNew(
  before: readonly ResolvedAddress[] | undefined,
  after: readonly ResolvedAddress[],
): readonly ResolvedAddress[] {
  if (before?.length !== after.length) return after
  const same = before.every((one, i) => {
    const other = after[i]
    return (
      one.ip === other?.ip &&
      one.port === other.port &&
      one.weight === other.weight &&
      one.name === other.name
    )
  })
  return same ? before : after
}

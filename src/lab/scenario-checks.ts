import { parseAddress } from '../entities/address.ts'
import { getOwn, isObject } from '../schema/field.ts'
import { EXPONENTIAL_TAIL } from './distributions.ts'
import { parseDuration } from './duration.ts'

type Value = Readonly<Record<string, unknown>>

/** A day is longer than anybody waits for. */
const LONGEST = 86_400_000
const MOST_REQUESTS = 50_000_000
const MOST_TARGETS = 1_000

/** Why a value is no time. */
export function checkMoment(value: unknown): string | undefined {
  const parsed = parseDuration(value)
  if (parsed === undefined) return 'expected a time with its unit, such as 250ms, 30s or 2m'
  return parsed > LONGEST ? 'longer than a day' : undefined
}

/** Why a value is no time above nought. */
export function checkPeriod(value: unknown): string | undefined {
  return checkMoment(value) ?? (parseDuration(value) === 0 ? 'must be above 0' : undefined)
}

/** A target's name is its address. */
export function checkName(text: string): string | undefined {
  const address = parseAddress(text)
  const isName = address.kind === 'name' && address.port === undefined && text.length <= 40
  return isName ? undefined : 'expected a host name of 40 characters at most, such as a or cache-1'
}

/** Whether a distribution can have these percentiles. */
export function checkLatency({ distribution, ...value }: Value): string | undefined {
  const p50 = parseDuration(value.p50) ?? 0
  const p99 = parseDuration(value.p99)
  if (distribution === 'fixed' && p99 !== undefined) return 'a fixed latency has no p99'
  if ((distribution === 'normal' || distribution === 'lognormal') && p99 === undefined)
    return `a ${distribution} latency needs a p99`
  if (p99 === undefined) return undefined
  if (p99 < p50) return 'p99 is below p50'
  if (distribution === 'exponential' && p99 > p50 * EXPONENTIAL_TAIL)
    return `the p99 of an exponential latency is at most ${EXPONENTIAL_TAIL.toFixed(2)} times its p50`
  return undefined
}

/** Whether what goes wrong is said whole. */
export function checkFailure({ from, to, does, factor, latency }: Value): string | undefined {
  const start = parseDuration(from) ?? 0
  const end = parseDuration(to)
  const problems: string[] = []
  if (end !== undefined && end <= start) problems.push("'to' is not after 'from'")
  if (does === 'slow' && given(factor) === given(latency))
    problems.push("slow needs either 'factor' or 'latency'")
  if (does !== 'slow' && given(factor)) problems.push("only slow has a 'factor'")
  if (does !== 'slow' && does !== 'error' && given(latency))
    problems.push(`${does} has no 'latency'`)
  return problems.length === 0 ? undefined : problems.join('; ')
}

/** Whether a target is there for any time at all. */
export function checkStay({ joins, leaves }: Value): string | undefined {
  const left = parseDuration(leaves)
  return left !== undefined && left <= (parseDuration(joins) ?? 0)
    ? "'leaves' is not after 'joins'"
    : undefined
}

/** Whether steps follow one another. */
export function checkSteps({ steps }: Value): string | undefined {
  if (!given(steps)) return undefined
  const problem = orderProblem(steps)
  if (problem !== undefined) return `steps: ${problem}`
  return momentsOf(steps)[0] === 0 ? undefined : 'steps: the first one is from 0s'
}

/** Whether phases follow one another, within the time there is. */
export function checkPhases({ duration, phases }: Value): string | undefined {
  if (!given(phases)) return undefined
  const problem = orderProblem(phases)
  if (problem !== undefined) return `phases: ${problem}`
  const last = momentsOf(phases).at(-1) ?? 0
  return last < (parseDuration(duration) ?? 0) ? undefined : 'phases: the last begins after the end'
}

/** Whether each target has a name of its own, and there are no more than can be told apart. */
export function checkTargets({ targets }: Value): string | undefined {
  const rows = listOf(targets)
  const names = new Set(rows.map((row) => getOwn(row, 'name')))
  if (names.size < rows.length) return 'targets: two of them have the same name'
  const count = rows.reduce((sum, row) => sum + Number(getOwn(row, 'count') ?? 1), 0)
  return count > MOST_TARGETS ? `targets: more than ${MOST_TARGETS}` : undefined
}

/** Whether it will come to an end in a time that somebody waits for. */
export function checkSize({ duration, load }: Value): string | undefined {
  const seconds = (parseDuration(duration) ?? 0) / 1_000
  const steps = listOf(isObject(load) ? getOwn(load, 'steps') : undefined)
  const constant = isObject(load) ? getOwn(load, 'requests_per_second') : undefined
  const rates = [constant, ...steps.map((step) => getOwn(step, 'requests_per_second'))]
  const highest = Math.max(0, ...rates.map((rate) => Number(rate ?? 0)))
  return highest * seconds > MOST_REQUESTS
    ? `load: more than ${MOST_REQUESTS / 1_000_000} million requests`
    : undefined
}

function orderProblem(list: unknown): string | undefined {
  const moments = momentsOf(list)
  const ascending = moments.every((at, i) => i === 0 || at > (moments[i - 1] ?? 0))
  return ascending ? undefined : "each 'from' must be after the one before"
}

function momentsOf(list: unknown): number[] {
  return listOf(list).map((row) => parseDuration(getOwn(row, 'from')) ?? 0)
}

function listOf(list: unknown): Value[] {
  return Array.isArray(list) ? list.filter(isObject) : []
}

function given(value: unknown): boolean {
  return value !== null && value !== undefined
}

import type { Upstream } from '../entities/upstream.ts'
import { type EntityOf, rowOf } from '../schema/entity.ts'
import { EntityError } from '../schema/entity-error.ts'
import { rowForInsert } from '../schema/validate.ts'
import type { Keys, Latency } from './distributions.ts'
import { parseDuration } from './duration.ts'
import { scenarioForm } from './scenario-fields.ts'
import { InvalidScenario, problemsOf } from './scenario-problem.ts'

/** What is simulated; all times are milliseconds from the start. */
export interface Scenario {
  readonly title: string
  readonly seed: number
  readonly duration: number
  readonly load: OpenLoad | ClosedLoad
  readonly keys: Keys
  readonly targets: readonly TargetPlan[]
  readonly algorithms: readonly string[]
  readonly slots: number
  readonly healthchecks: Upstream['healthchecks']
  readonly method: string
  readonly retries: number
  readonly timeouts: { readonly connect: number; readonly read: number }
  readonly connectBackoff: number
  readonly slowStart: number
  readonly phases: readonly Phase[]
}

/** Requests that come whatever becomes of those before. */
export interface OpenLoad {
  readonly kind: 'open'
  readonly arrivals: 'poisson' | 'even'
  readonly steps: readonly { readonly from: number; readonly perSecond: number }[]
}

/** Clients that send their next request after the answer to the one before. */
export interface ClosedLoad {
  readonly kind: 'closed'
  readonly clients: number
  readonly pause: number
  readonly pauseAfterFailure: number
}

/** A target, and what is going to happen to it. */
export interface TargetPlan {
  readonly name: string
  /** What stands in the file for it, and maybe for others that are the same. */
  readonly group: string
  readonly weight: number
  readonly latency: Latency
  /** How many requests it works on at once; the others queue. */
  readonly concurrency: number
  readonly cache: { readonly keys: number; readonly latency: Latency } | undefined
  readonly failures: readonly FailurePlan[]
  readonly joins: number
  readonly leaves: number
}

/** Something that goes wrong with a target for a while. */
export interface FailurePlan {
  readonly does: 'refuse' | 'drop' | 'reset' | 'hang' | 'error' | 'slow'
  readonly from: number
  readonly to: number
  readonly rate: number
  readonly status: number
  readonly factor: number
  readonly latency: Latency | undefined
}

/** A part of the time that figures are also told of alone. */
export interface Phase {
  readonly name: string
  readonly from: number
  readonly to: number
}

type Form = EntityOf<typeof scenarioForm>
type TargetForm = Form['targets'][number]
type LatencyForm = NonNullable<TargetForm['latency']>

/** Reads a scenario; throws all that is wrong with it at once. */
export function readScenario(document: unknown): Scenario {
  const form = formOf(document)
  const duration = ms(form.duration)
  return {
    title: form.title ?? '',
    seed: form.seed ?? 1,
    duration,
    load: loadOf(form.load),
    keys: {
      count: form.keys.count ?? 1,
      spread: form.keys.spread ?? 'uniform',
      exponent: form.keys.exponent ?? 1,
    },
    targets: form.targets.flatMap(targetsOf),
    algorithms: [...new Set(form.algorithms)],
    slots: form.slots ?? 10_000,
    healthchecks: form.healthchecks,
    method: form.method ?? 'GET',
    retries: form.retries ?? 5,
    timeouts: { connect: ms(form.timeouts.connect), read: ms(form.timeouts.read) },
    connectBackoff: ms(form.connect_backoff),
    slowStart: ms(form.slow_start),
    phases: phasesOf(form.phases ?? [], duration),
  }
}

function formOf(document: unknown): Form {
  try {
    const context = { now: 0, newId: () => '', secret: () => '' }
    return rowOf(scenarioForm, rowForInsert(scenarioForm, document, context))
  } catch (error) {
    if (!(error instanceof EntityError)) throw error
    throw new InvalidScenario(problemsOf(error, scenarioForm.fields))
  }
}

function loadOf({ clients, steps, requests_per_second: rate, ...load }: Form['load']) {
  if (clients !== null) {
    const pauses = { pause: ms(load.pause), pauseAfterFailure: ms(load.pause_after_failure) }
    return { kind: 'closed', clients, ...pauses } as const
  }
  const constant = [{ from: 0, perSecond: rate ?? 0 }]
  return {
    kind: 'open',
    arrivals: load.arrivals ?? 'poisson',
    steps:
      steps?.map((step) => ({ from: ms(step.from), perSecond: step.requests_per_second })) ??
      constant,
  } as const
}

function targetsOf({ name, count, ...target }: TargetForm): TargetPlan[] {
  const plan = {
    group: name,
    weight: target.weight ?? 100,
    latency: latencyOf(target.latency),
    concurrency: target.concurrency ?? Number.POSITIVE_INFINITY,
    cache: target.cache
      ? { keys: target.cache.keys, latency: latencyOf(target.cache.latency) }
      : undefined,
    failures: (target.failures ?? []).map(failureOf),
    joins: ms(target.joins, 0),
    leaves: ms(target.leaves, Number.POSITIVE_INFINITY),
  }
  if (count === null || count === 1) return [{ name, ...plan }]
  return Array.from({ length: count }, (_, i) => ({ name: `${name}-${i + 1}`, ...plan }))
}

function failureOf(failure: NonNullable<TargetForm['failures']>[number]): FailurePlan {
  return {
    does: failure.does,
    from: ms(failure.from, 0),
    to: ms(failure.to, Number.POSITIVE_INFINITY),
    rate: failure.rate ?? 1,
    status: failure.status ?? 500,
    factor: failure.factor ?? 1,
    latency: failure.latency ? latencyOf(failure.latency) : undefined,
  }
}

/** Without a p99 it does not vary, unless it says how. */
function latencyOf({ distribution, p50, p99 }: LatencyForm): Latency {
  const varies = p99 !== null && p99 !== undefined
  return {
    distribution: distribution ?? (varies ? 'lognormal' : 'fixed'),
    p50: ms(p50),
    p99: varies ? ms(p99) : undefined,
  }
}

function phasesOf(phases: NonNullable<Form['phases']>, duration: number): Phase[] {
  return phases.map(({ name, from }, i) => {
    const next = phases[i + 1]
    return { name, from: ms(from), to: next === undefined ? duration : ms(next.from) }
  })
}

/** What was checked to be a time. */
function ms(value: unknown, absent = 0): number {
  return parseDuration(value) ?? absent
}

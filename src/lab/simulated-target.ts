import type { Dice } from './dice.ts'
import { type Latency, type Sample, sampleOf } from './distributions.ts'
import type { EventQueue } from './event-queue.ts'
import type { FailurePlan, TargetPlan } from './scenario.ts'

/** One request at a target. */
export interface Work {
  /** What the dice are thrown by: which request, and which try of it. */
  readonly index: number
  readonly turn: number
  /** What it asks for; undefined for a probe. */
  readonly key: number | undefined
  /** When whoever sent it stops waiting. */
  readonly deadline: number
  /** Nobody waits any more. */
  over: boolean
  answer(status: number, fromCache: boolean): void
  /** The connection was cut. */
  cut(): void
  /** The deadline is there. */
  expire(): void
}

/** What became of a request at the door. */
export type Admission = 'taken' | 'refused' | 'dropped' | 'cut' | 'silent'

/** What targets live in. */
export interface TargetWorld {
  readonly clock: { readonly now: number }
  readonly events: EventQueue
  readonly dice: Readonly<Record<'latency' | 'latencyToo' | 'errors', Dice>>
}

/** How a request is worked on. */
interface Job {
  readonly time: number
  readonly status: number
  readonly fromCache: boolean
}

const CACHED = 200

/** A server in the making of the mind: so many at work, the others in a queue. */
export class SimulatedTarget {
  readonly plan: TargetPlan
  readonly #world: TargetWorld
  readonly #sample: Sample
  readonly #cached: Sample
  readonly #failures: readonly { readonly plan: FailurePlan; readonly sample: Sample }[]
  /** Keys by when they were last asked for. */
  readonly #cache = new Map<number, true>()
  readonly #atWork = new Set<Work>()
  readonly #queue: Work[] = []
  #queueStart = 0
  #isWatched = false
  /** Counts its lives: what an earlier one began is nothing to this one. */
  #life = 0
  #sums = { busy: 0, inside: 0 }
  #summedAt = 0

  constructor(plan: TargetPlan, world: TargetWorld) {
    this.plan = plan
    this.#world = world
    this.#sample = sampleOf(plan.latency)
    this.#cached = sampleOf(plan.cache?.latency ?? plan.latency)
    this.#failures = plan.failures.map((failure) => ({
      plan: failure,
      sample: sampleOf(failure.latency ?? scaled(plan.latency, failure.factor)),
    }))
    for (const { does, from } of plan.failures) {
      if (does === 'refuse') world.events.add(from, () => this.#die())
    }
  }

  /** Milliseconds of work done so far, and of requests being here at all, one after another. */
  sums(): { readonly busy: number; readonly inside: number } {
    this.#sum()
    return { ...this.#sums }
  }

  /** Takes a request in, as far as it can be reached. */
  admit(work: Work): Admission {
    for (const { plan } of this.#failures) {
      const admission = ADMISSIONS.get(plan.does)
      if (admission !== undefined && this.#isOn(plan)) return admission
    }
    this.#sum()
    if (this.#atWork.size < this.plan.concurrency) this.#begin(work)
    else this.#enqueue(work)
    return 'taken'
  }

  /** One event watches over those who wait alike: the first in the queue gives up first. */
  #enqueue(work: Work): void {
    const last = this.#queue.at(-1)
    if (last !== undefined && last.deadline > work.deadline) this.#expireAt(work.deadline, work)
    this.#queue.push(work)
    this.#watch()
  }

  #watch(): void {
    const first = this.#queue[this.#queueStart]
    if (first === undefined || this.#isWatched) return
    this.#isWatched = true
    this.#world.events.add(first.deadline, () => {
      this.#isWatched = false
      this.#sum()
      const { now } = this.#world.clock
      for (let next = this.#peek(); next !== undefined; next = this.#peek()) {
        if (!next.over && next.deadline > now) break
        this.#next()
        this.#expireAt(now, next)
      }
      this.#watch()
    })
  }

  #expireAt(at: number, work: Work): void {
    // One at a time: whoever hears of it goes on at once.
    if (!work.over) this.#world.events.add(at, () => work.over || work.expire())
  }

  #begin(work: Work): void {
    const job = this.#jobFor(work)
    const life = this.#life
    const end = this.#world.clock.now + job.time
    this.#atWork.add(work)
    if (end > work.deadline) this.#expireAt(work.deadline, work)
    this.#world.events.add(end, () => {
      if (life === this.#life) this.#finish(work, job)
    })
  }

  /** Who works does not notice that nobody waits any more; who takes the next one does. */
  #finish(work: Work, { status, fromCache }: Job): void {
    this.#sum()
    this.#atWork.delete(work)
    if (status < 400 && work.key !== undefined) this.#remember(work.key)
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      if (next.over) continue
      this.#begin(next)
      break
    }
    if (!work.over) work.answer(status, fromCache)
  }

  #peek(): Work | undefined {
    return this.#queue[this.#queueStart]
  }

  #next(): Work | undefined {
    const next = this.#queue[this.#queueStart++]
    if (this.#queueStart < this.#queue.length / 2 && next !== undefined) return next
    this.#queue.splice(0, this.#queueStart)
    this.#queueStart = 0
    return next
  }

  #jobFor({ index, turn, key }: Work): Job {
    const { latency, latencyToo, errors } = this.#world.dice
    const [first, second] = [latency(index, turn), latencyToo(index, turn)]
    let sample = this.#sample
    let fromCache = false
    if (key !== undefined && this.#cache.has(key)) {
      fromCache = true
      sample = this.#cached
    }
    for (const { plan, sample: ill } of this.#failures) {
      if (!this.#isOn(plan)) continue
      if (plan.does === 'slow' && !fromCache) sample = ill
      if (plan.does !== 'error' || errors(index, turn) >= plan.rate) continue
      return { time: ill(first, second), status: plan.status, fromCache: false }
    }
    return { time: sample(first, second), status: CACHED, fromCache }
  }

  #remember(key: number): void {
    const most = this.plan.cache?.keys ?? 0
    if (most === 0) return
    this.#cache.delete(key)
    this.#cache.set(key, true)
    if (this.#cache.size <= most) return
    for (const oldest of this.#cache.keys()) {
      this.#cache.delete(oldest)
      return
    }
  }

  /** The process is gone, and with it what it worked on and knew. */
  #die(): void {
    this.#sum()
    this.#life++
    this.#cache.clear()
    const lost = [...this.#atWork, ...this.#queue.slice(this.#queueStart)]
    this.#atWork.clear()
    this.#queue.length = 0
    this.#queueStart = 0
    for (const work of lost) {
      this.#world.events.add(this.#world.clock.now, () => work.over || work.cut())
    }
  }

  #isOn({ from, to }: FailurePlan): boolean {
    const { now } = this.#world.clock
    return now >= from && now < to
  }

  /** Brings the sums to this moment; asked before anybody comes or goes. */
  #sum(): void {
    const { now } = this.#world.clock
    const past = now - this.#summedAt
    const working = this.#atWork.size
    this.#sums.busy += past * working
    this.#sums.inside += past * (working + this.#queue.length - this.#queueStart)
    this.#summedAt = now
  }
}

const ADMISSIONS: ReadonlyMap<FailurePlan['does'], Admission> = new Map([
  ['refuse', 'refused'],
  ['drop', 'dropped'],
  ['reset', 'cut'],
  ['hang', 'silent'],
])

function scaled(latency: Latency, factor: number): Latency {
  const { p50, p99 } = latency
  return { ...latency, p50: p50 * factor, p99: p99 === undefined ? undefined : p99 * factor }
}

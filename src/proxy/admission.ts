import type { Balancer } from '../balancer/picking.ts'
import { type After, afterTimeout } from '../lib/after.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Departure } from '../ports/server.ts'
import type { Settings } from '../settings/settings.ts'

/** How much of an upstream's time may be asked for at once. */
export interface AdmissionLimits {
  /** Requests under way, an answer's body and a WebSocket included. */
  readonly inFlight: number
  /** Requests that wait for one of those to end. */
  readonly waiting: number
  /** How long they do at most, in milliseconds. */
  readonly wait: number
}

/** What came of waiting: a slot, or why there is none. */
export type Waited = 'admitted' | 'full' | 'late' | 'left'

/** Lets requests to one upstream in, by the order they came. Whoever is let in leaves once. */
export interface Admission {
  readonly inFlight: number
  readonly waiting: number
  /** Takes a slot; false when none is free. */
  enter(): boolean
  /** Waits for a slot that was not free. */
  wait(client: Departure): Promise<Waited>
  /** Gives a slot back, to whoever has waited longest. */
  leave(): void
}

/** What a door is made with beside its limits. */
export interface AdmissionOptions {
  readonly after?: After
  /** Called for each that finds it full, or waited in vain. */
  readonly complain?: () => void
}

/** The limits somebody chose. */
export function admissionLimits(settings: Settings): AdmissionLimits {
  return {
    inFlight: settings.upstreamMaxInFlight,
    waiting: settings.upstreamMaxWaiting,
    wait: settings.upstreamMaxWait,
  }
}

/** Finds the door of a balancer, as long as that lives; undefined when nothing is limited. */
export function createAdmissions(
  limits: AdmissionLimits,
  runtime: Pick<Runtime, 'now' | 'log'>,
): ((balancer: Balancer) => Admission) | undefined {
  if (limits.inFlight === 0) return undefined
  const doors = new WeakMap<Balancer, Admission>()
  return (balancer) => {
    const known = doors.get(balancer)
    if (known !== undefined) return known
    const complain = createComplaint(runtime, balancer.upstream?.name)
    const made = createAdmission(limits, { complain })
    doors.set(balancer, made)
    return made
  }
}

const SILENCE = 10_000

/** Logs that requests are turned away: how many since it last did, once in a while. */
function createComplaint(
  { now, log }: Pick<Runtime, 'now' | 'log'>,
  upstream: string | undefined,
): () => void {
  let silentUntil = 0
  let refused = 0
  return () => {
    refused++
    if (now() < silentUntil) return
    silentUntil = now() + SILENCE
    log('warn', 'An upstream has as many requests as it may, refusing more', { upstream, refused })
    refused = 0
  }
}

/** Makes the door to one upstream. As long as anybody waits, every slot is taken. */
export function createAdmission(
  limits: AdmissionLimits,
  { after = afterTimeout, complain = () => {} }: AdmissionOptions = {},
): Admission {
  const queue = new Set<(waited: Waited) => void>()
  let inFlight = 0

  return {
    get inFlight() {
      return inFlight
    },
    get waiting() {
      return queue.size
    },
    enter() {
      if (inFlight >= limits.inFlight) return false
      inFlight++
      return true
    },
    async wait(client) {
      if (client.gone) return 'left'
      if (queue.size >= limits.waiting || limits.wait === 0) {
        complain()
        return 'full'
      }
      return queued(queue, client, (late) =>
        after(limits.wait, () => {
          complain()
          late()
        }),
      )
    },
    leave() {
      const [first] = queue
      if (first === undefined) inFlight--
      else first('admitted')
    },
  }
}

/** Stands at the end of the queue until its turn comes, the client goes, or `wait` says it is late. */
function queued(
  queue: Set<(waited: Waited) => void>,
  client: Departure,
  wait: (late: () => void) => () => void,
): Promise<Waited> {
  return new Promise((resolve) => {
    const end = (waited: Waited): void => {
      if (!queue.delete(end)) return
      cancel()
      resolve(waited)
    }
    queue.add(end)
    const cancel = wait(() => end('late'))
    client.onGone(() => end('left'))
  })
}

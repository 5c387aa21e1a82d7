import { afterTimeout } from '../../src/lib/after.ts'
/** A process that was started and ends some time. */
export interface Child {
  /** Asks it to finish what is under way, and end. */
  stop(): void
  /** Ends it now. */
  kill(): void
}

/** What happens to a child; each is called once at most. */
export interface ChildEvents {
  readonly serving: () => void
  readonly ended: (how: string) => void
}

/** How children are started and looked after. */
export interface SupervisorOptions<C extends Child> {
  readonly count: number
  /** Starts the one at a place; `again` when one was there before. */
  readonly spawn: (place: number, again: boolean, events: ChildEvents) => C
  readonly log: (level: 'notice' | 'error', message: string, fields: object) => void
  readonly after?: (milliseconds: number, run: () => void) => () => void
  readonly now?: () => number
}

/** Keeps a number of children alive. */
export interface Supervisor<C extends Child> {
  /** Resolves when all serve; rejects, with all ended, when one ends before. */
  start(): Promise<void>
  /** Has all finish, those that do not within the time are killed; resolves when none is left. */
  stop(graceMs: number): Promise<void>
  /** The living one at a place; undefined while there is none. */
  at(place: number): C | undefined
}

const FIRST_PAUSE = 100
const LONGEST_PAUSE = 10_000
/** One that lived so long did not die of how it was started. */
const STEADY = 10_000

interface Place<C extends Child> {
  child: C | undefined
  startedAt: number
  /** How long the next one waits when this one dies soon. */
  pause: number
  cancel: (() => void) | undefined
}

/** Makes the one that starts children again when they die: at once, then after growing pauses. */
export function createSupervisor<C extends Child>(options: SupervisorOptions<C>): Supervisor<C> {
  const { count, spawn, log, after = afterTimeout, now = Date.now } = options
  const places: Place<C>[] = []
  const emptied: (() => void)[] = []
  let stopping = false

  const ended = (at: number, place: Place<C>, how: string): void => {
    place.child = undefined
    if (stopping) {
      if (places.every(({ child }) => child === undefined)) for (const tell of emptied) tell()
      return
    }
    const pause = now() - place.startedAt >= STEADY ? 0 : place.pause
    place.pause = Math.min(LONGEST_PAUSE, Math.max(FIRST_PAUSE, pause * 2))
    log('error', `worker ${at + 1} ended, starting it again`, { how, inMs: pause })
    place.cancel = after(pause, () => raise(at, place, { serving: () => {} }))
  }
  const raise = (
    at: number,
    place: Place<C>,
    first: { readonly serving: () => void; readonly failed?: (how: string) => void },
  ): void => {
    place.startedAt = now()
    let failed = first.failed
    place.child = spawn(at, failed === undefined, {
      serving() {
        failed = undefined
        first.serving()
      },
      ended(how) {
        if (failed === undefined) ended(at, place, how)
        else {
          place.child = undefined
          failed(how)
        }
      },
    })
  }
  const raiseFirst = (at: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const place: Place<C> = { child: undefined, startedAt: 0, pause: 0, cancel: undefined }
      places.push(place)
      const failed = (how: string) => reject(new Error(`worker ${at + 1} ${how}`))
      raise(at, place, { serving: resolve, failed })
    })
  const stop = async (graceMs: number): Promise<void> => {
    stopping = true
    for (const place of places) place.cancel?.()
    const living = places.flatMap(({ child }) => child ?? [])
    if (living.length === 0) return
    const empty = new Promise<void>((resolve) => emptied.push(resolve))
    for (const child of living) child.stop()
    const cancel = after(graceMs, () => {
      for (const { child } of places) child?.kill()
    })
    await empty
    cancel()
  }

  return {
    async start() {
      try {
        // The first one applies the configuration, and finds what is wrong with it.
        await raiseFirst(0)
        await Promise.all(Array.from({ length: count - 1 }, (_, i) => raiseFirst(i + 1)))
      } catch (error) {
        await stop(0)
        throw error
      }
    },
    stop,
    at: (place) => places[place]?.child,
  }
}

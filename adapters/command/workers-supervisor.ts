import { type After, afterTimeout } from '../../src/lib/after.ts'

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
  readonly after?: After
  readonly now?: () => number
}

/** Keeps a number of children alive. */
export interface Supervisor<C extends Child> {
  /** Resolves when all serve; rejects, with all ended, when one ends before or takes too long. */
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
/** One that does not serve by then never will. */
const LONGEST_START = 60_000

/** Makes the one that starts children again when they die: at once, then after growing pauses. */
export function createSupervisor<C extends Child>(options: SupervisorOptions<C>): Supervisor<C> {
  const { count, after = afterTimeout } = options
  const emptied: (() => void)[] = []
  const places = Array.from({ length: count }, (_, at) => keepPlace({ ...options, at, onEmpty }))

  function onEmpty(): void {
    if (places.every(({ child }) => child === undefined)) for (const tell of emptied) tell()
  }
  const stop = async (graceMs: number): Promise<void> => {
    for (const place of places) place.close()
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
        await places[0]?.start()
        await Promise.all(places.slice(1).map((place) => place.start()))
      } catch (error) {
        await stop(0)
        throw error
      }
    },
    stop,
    at: (place) => places[place]?.child,
  }
}

/** Where one child lives, and after it the next. */
interface Place<C extends Child> {
  readonly child: C | undefined
  /** Starts the first one; rejects when it ends before it serves. */
  start(): Promise<void>
  /** From now on none follows the one that ends. */
  close(): void
}

/** What is waiting for a place's first child. */
interface Starting {
  readonly serving: () => void
  readonly failed: (why: Error) => void
}

interface PlaceOptions<C extends Child> extends SupervisorOptions<C> {
  readonly at: number
  /** Called when one ends that none follows. */
  readonly onEmpty: () => void
}

function keepPlace<C extends Child>(options: PlaceOptions<C>): Place<C> {
  const { at, onEmpty, log, after = afterTimeout, now = Date.now } = options
  const pauses = growingPauses(now)
  let child: C | undefined
  let closed = false
  let cancel = (): void => {}

  const raise = (starting?: Starting): void => {
    let first = starting
    pauses.begin()
    child = spawnInTime(options, {
      again: starting === undefined,
      serving() {
        first?.serving()
        first = undefined
      },
      ended(how) {
        child = undefined
        first?.failed(new Error(`worker ${at + 1} ${how}`))
        if (closed) onEmpty()
        else if (first === undefined) raiseAgain(how)
      },
    })
  }
  const raiseAgain = (how: string): void => {
    const inMs = pauses.next()
    log('error', `worker ${at + 1} ended, starting it again`, { how, inMs })
    cancel = after(inMs, () => raise())
  }
  return {
    get child() {
      return child
    },
    start: () => new Promise((serving, failed) => raise({ serving, failed })),
    close() {
      closed = true
      cancel()
    },
  }
}

/** Starts one, and kills it when it takes too long to serve; then that is how it ended. */
function spawnInTime<C extends Child>(
  { at, spawn, after = afterTimeout }: PlaceOptions<C>,
  { again, ...events }: ChildEvents & { readonly again: boolean },
): C {
  let late: string | undefined
  const cancel = after(LONGEST_START, () => {
    late = `did not serve within ${LONGEST_START / 1000} s`
    child.kill()
  })
  const child = spawn(at, again, {
    serving() {
      cancel()
      events.serving()
    },
    ended(how) {
      cancel()
      events.ended(late ?? how)
    },
  })
  return child
}

/** How long to wait before each next start: not at all after one that lived long. */
function growingPauses(now: () => number) {
  let startedAt = 0
  let pause = 0
  return {
    begin(): void {
      startedAt = now()
    },
    next(): number {
      const wait = now() - startedAt >= STEADY ? 0 : pause
      pause = Math.min(LONGEST_PAUSE, Math.max(FIRST_PAUSE, wait * 2))
      return wait
    },
  }
}

/** What the wheel keeps time for. The fields are the wheel's own. */
export interface Timed {
  /** In the wheel's time; 0 for none. */
  deadline: number
  /** The slot the entry waits in; 0 for none. */
  slot: number
  /** Where in it. */
  place: number
  expire(): void
}

/** Coarse timeouts for many entries that are put off far more often than they fire. */
export interface TimerWheel {
  /** Starts or puts off the entry's only deadline. Never fires early, and up to three slots late. */
  arm(entry: Timed, milliseconds: number): void
  /** Calls the deadline off; the wheel goes on holding the entry until its slot comes. */
  disarm(entry: Timed): void
  /** Calls it off for good and lets go: for entries that live shorter than their deadline. */
  forget(entry: Timed): void
  /** How many entries it holds, those called off among them. */
  readonly waiting: number
  /** Moves on to now; the wheel's own interval calls it. */
  turn(): void
}

const SLOT = 50
const SLOTS = 2048
/** A process that stood still must not find every peer timed out: its bytes wait in the kernel. */
const LONGEST_TURN = 4 * SLOT

/** Makes a wheel whose one interval runs only while something is armed, and holds no process up. */
export function createTimerWheel(now: () => number = () => performance.now()): TimerWheel {
  const slots: Timed[][] = Array.from({ length: SLOTS }, () => [])
  let interval: ReturnType<typeof setInterval> | undefined
  let waiting = 0
  let time = SLOT
  let last = 0
  let cursor = 1

  function arm(entry: Timed, milliseconds: number): void {
    // One slot more: the wheel's time lags the clock by up to one.
    entry.deadline = time + milliseconds + SLOT
    const slot = Math.min(Math.ceil(entry.deadline / SLOT), cursor + SLOTS - 1)
    // An entry put off stays where it is and is looked at again when its slot comes.
    if (entry.slot > slot) remove(entry)
    if (entry.slot === 0) insert(entry, slot)
  }

  function remove(entry: Timed): void {
    const entries = slots[entry.slot % SLOTS]
    entry.slot = 0
    // While its slot is emptied it stands there no more.
    if (entries?.[entry.place] !== entry) return
    const last = entries.pop()
    waiting--
    if (last === undefined || last === entry) return
    entries[entry.place] = last
    last.place = entry.place
  }

  function insert(entry: Timed, slot: number): void {
    const entries = slots[slot % SLOTS]
    if (entries === undefined) return
    entry.slot = slot
    entry.place = entries.length
    entries.push(entry)
    waiting++
    if (interval === undefined) start()
  }

  function start(): void {
    last = now()
    interval = setInterval(turn, SLOT)
    interval.unref()
  }

  function turn(): void {
    const at = now()
    time += Math.min(at - last, LONGEST_TURN)
    last = at
    while (cursor < Math.floor(time / SLOT)) empty(++cursor)
    if (waiting === 0) {
      clearInterval(interval)
      interval = undefined
    }
  }

  function empty(slot: number): void {
    const entries = slots[slot % SLOTS]
    if (entries === undefined || entries.length === 0) return
    slots[slot % SLOTS] = []
    waiting -= entries.length
    for (const entry of entries) {
      // One before it may have called it off.
      if (entry.slot !== slot) continue
      entry.slot = 0
      if (entry.deadline === 0) continue
      if (entry.deadline > time) {
        insert(entry, Math.min(Math.ceil(entry.deadline / SLOT), cursor + SLOTS - 1))
      } else {
        entry.deadline = 0
        entry.expire()
      }
    }
  }

  return {
    get waiting() {
      return waiting
    },
    arm,
    disarm(entry) {
      entry.deadline = 0
    },
    forget(entry) {
      entry.deadline = 0
      if (entry.slot !== 0) remove(entry)
    },
    turn,
  }
}

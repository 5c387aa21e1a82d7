import type { Rounds, Waiting } from './rounds.ts'

/** From so many ms on a timeout is worth sparing its timer: most answers are there long before. */
const LONG = 5000

/** What becomes of a call that is late. */
export interface ReadClockOptions {
  /** In ms. */
  readonly timeout: number
  /** Called once the time is over. */
  readonly expire: () => void
  /** Undefined where the call gets a timer of its own at once. */
  readonly rounds: Rounds | undefined
  /** Called in its place when the call's request is no more. */
  readonly lost?: (() => void) | undefined
}

/** Whether a timeout is one that the rounds keep. */
export function isLong(timeout: number): boolean {
  return timeout >= LONG
}

/** Tells when no answer came in time; `start` is called once the request is out. */
export class ReadClock implements Waiting {
  readonly #timeout: number
  readonly #expire: () => void
  readonly #lost: (() => void) | undefined
  readonly #rounds: Rounds | undefined
  #expired = false
  #stopped = false
  #since = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #wake: (() => void) | undefined

  constructor({ timeout, expire, rounds, lost }: ReadClockOptions) {
    this.#timeout = timeout
    this.#expire = expire
    this.#lost = lost
    this.#rounds = isLong(timeout) ? rounds : undefined
  }

  get expired(): boolean {
    return this.#expired
  }

  get since(): number {
    return this.#since
  }

  start(): void {
    if (this.#stopped) return
    if (this.#rounds === undefined) {
      this.#ringIn(this.#timeout)
      return
    }
    this.#since = Date.now()
    const endsAt = this.#since + this.#timeout
    // Timers belong to the request that made them: the round wakes this one, which makes its own.
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    void woken.then(() => {
      this.#rounds?.leave(this)
      this.#ringIn(endsAt - Date.now())
    })
    this.#rounds.join(this)
  }

  late(): void {
    this.#wake?.()
  }

  lost(): void {
    this.#stopped = true
    this.#lost?.()
  }

  stop(): void {
    this.#stopped = true
    if (this.#wake !== undefined) this.#rounds?.leave(this)
    if (this.#timer !== undefined) clearTimeout(this.#timer)
  }

  #ringIn(ms: number): void {
    if (this.#stopped) return
    this.#timer = setTimeout(() => {
      this.#expired = true
      this.#expire()
    }, ms)
  }
}

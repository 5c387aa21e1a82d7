/**
 * Knows when all that happens at one moment has happened. What is simulated are the gateway's own
 * async functions: they go on by themselves until each waits for something that is simulated.
 */
export interface Stillness {
  /** A request, or a tick, has something to do; until `sleep`. */
  wake(): void
  sleep(): void
  /** Work behind the scenes has begun; it is at rest while it waits for a probe. */
  background(work: Promise<unknown>): void
  probeSent(): void
  probeAnswered(): void
  /** Nobody can go on, or something has failed. */
  readonly isStill: boolean
  /** Lets everybody go on until nobody can; rejects with what went wrong. */
  settle(): Promise<void>
  /** Notes what should never have happened. */
  fail(error: unknown): void
}

/** Makes one in which nothing happens yet. */
export function createStillness(): Stillness {
  const counts = { awake: 0, working: 0, probing: 0 }
  let failed: { readonly error: unknown } | undefined
  let resolve = () => {}
  const isStill = () =>
    failed !== undefined || (counts.awake === 0 && counts.working === counts.probing)
  const change = (what: keyof typeof counts, by: number) => {
    counts[what] += by
    if (isStill()) resolve()
  }
  const fail = (error: unknown) => {
    failed ??= { error }
    resolve()
  }

  return {
    wake: () => change('awake', 1),
    sleep: () => change('awake', -1),
    background(work) {
      change('working', 1)
      work.then(() => change('working', -1), fail)
    },
    probeSent: () => change('probing', 1),
    probeAnswered: () => change('probing', -1),
    get isStill() {
      return failed === undefined && isStill()
    },
    async settle() {
      await new Promise<void>((still) => {
        resolve = still
        if (isStill()) still()
      })
      if (failed !== undefined) throw failed.error
    },
    fail,
  }
}

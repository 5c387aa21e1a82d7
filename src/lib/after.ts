/** Calls back once after some milliseconds; calling what it gives prevents that. */
export type After = (milliseconds: number, run: () => void) => () => void

/** By the runtime's own timers, which all four have. */
export const afterTimeout: After = (milliseconds, run) => {
  const timer = setTimeout(run, milliseconds)
  return () => clearTimeout(timer)
}

/** Settles with the work, or when the time is up. */
export function settledWithin(
  milliseconds: number,
  work: Promise<void>,
  after: After,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = after(milliseconds, resolve)
    work.then(resolve, reject).finally(cancel)
  })
}

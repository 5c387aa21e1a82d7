import { LuaEnd } from '../../src/pdk/lua-engine.ts'

/** What one run may use up. */
export interface Budget {
  /** Counts work: instructions, or what is as much. */
  spend(steps: number): void
  /** Counts bytes of strings that are made or looked at. */
  charge(bytes: number): void
  /** Begins a run. */
  start(): void
  /** Why the run was ended; undefined while it goes on. */
  readonly spent: string | undefined
}

/** What a run may use. */
export interface Limits {
  readonly steps: number
  readonly bytes: number
  /** Milliseconds; for what no count of steps tells. */
  readonly time: number
  readonly now: () => number
}

/** Instructions that take about a tenth of a second, and a string's bytes that fit in any process. */
export const LIMITS: Limits = {
  steps: 2_000_000,
  bytes: 64 * 2 ** 20,
  time: 1000,
  now: () => performance.now(),
}

/** How many steps pass between two looks at the clock. */
const LOOK = 100

/** Makes a budget that ends a run once it is used up. */
export function createBudget({ steps: mostSteps, bytes: mostBytes, time, now }: Limits): Budget {
  let [steps, bytes, deadline, nextLook] = [0, 0, 0, 0]
  let spent: string | undefined
  const end = (why: string): never => {
    spent ??= why
    throw new LuaEnd(spent)
  }
  return {
    get spent() {
      return spent
    },
    start() {
      steps = 0
      bytes = 0
      nextLook = LOOK
      spent = undefined
      deadline = now() + time
    },
    spend(more) {
      steps += more
      if (spent !== undefined || steps > mostSteps) end('the function ran for too long')
      // A look at the clock costs more than a count.
      if (steps < nextLook) return
      nextLook = steps + LOOK
      if (now() > deadline) end('the function ran for too long')
    },
    charge(more) {
      bytes += more
      if (bytes > mostBytes) end('the function used too much memory')
    },
  }
}

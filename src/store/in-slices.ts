/** Items between two looks at the clock. */
const STEP = 64

/** How long the work holds all else up, in ms. */
const LONGEST = 8

/** When others last had their turn: several short lists in a row are as bad as a long one. */
let lastTurn = 0

/**
 * Works through a long list, and lets all else that waits have its turn every few milliseconds; where
 * the clock stands still while code runs, as on Workers, in one go.
 */
export async function inSlices<T>(
  items: readonly T[],
  work: (item: T, index: number) => void,
  now: () => number = () => performance.now(),
): Promise<void> {
  for (let from = 0; from < items.length; from += STEP) {
    if (from > 0 && now() - lastTurn >= LONGEST) {
      await nextTurn()
      lastTurn = now()
    }
    const end = Math.min(from + STEP, items.length)
    // The list does not change, and a hole in it is an item like any other.
    for (let index = from; index < end; index++) work(items[index] as T, index)
  }
}

/** Not a microtask: those come before everything that waits. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}

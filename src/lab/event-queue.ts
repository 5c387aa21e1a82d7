/** What is going to happen, by time; of what happens at once, what was added first. */
export interface EventQueue {
  /** When the next thing happens; never, when there is none. */
  nextAt(): number
  add(at: number, event: () => void): void
  /** Takes the next one out. */
  take(): (() => void) | undefined
}

interface Entry {
  readonly at: number
  readonly order: number
  readonly event: () => void
}

/** Makes an empty queue: a binary heap, whose every entry comes before the two below it. */
export function createEventQueue(): EventQueue {
  const heap: Entry[] = []
  let added = 0

  return {
    nextAt: () => heap[0]?.at ?? Number.POSITIVE_INFINITY,
    add(at, event) {
      rise(heap, { at, order: added++, event })
    },
    take() {
      const [first] = heap
      const last = heap.pop()
      if (first !== undefined && last !== undefined && heap.length > 0) sink(heap, last)
      return first?.event
    },
  }
}

/** Adds an entry at the bottom, and lets those above it that come later down. */
function rise(heap: Entry[], entry: Entry): void {
  let at = heap.length
  while (at > 0) {
    const above = (at - 1) >> 1
    const other = heap[above]
    if (other === undefined || comesBefore(other, entry)) break
    heap[at] = other
    at = above
  }
  heap[at] = entry
}

/** Puts an entry at the top, and lets those below it that come earlier up. */
function sink(heap: Entry[], entry: Entry): void {
  let at = 0
  for (;;) {
    const left = heap[2 * at + 1]
    const right = heap[2 * at + 2]
    if (left === undefined) break
    const isRight = right !== undefined && comesBefore(right, left)
    const earlier = isRight ? right : left
    if (comesBefore(entry, earlier)) break
    heap[at] = earlier
    at = 2 * at + (isRight ? 2 : 1)
  }
  heap[at] = entry
}

function comesBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

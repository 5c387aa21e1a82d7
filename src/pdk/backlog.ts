/** Entries that wait to be sent, the oldest first. */
export interface Backlog<E> {
  readonly length: number
  /** How many were given up since it was made. */
  readonly dropped: number
  /** Puts one behind the others, and makes room for it; false for one that there can be no room for. */
  add(entry: E, bytes: number): boolean
  /** The oldest ones, which wait no longer. */
  take(count: number): E[]
  /** Counts some that were given up. */
  drop(count: number): void
}

/** How much may wait. */
export interface Room {
  readonly entries: number
  readonly bytes: number
}

interface Waiting<E> {
  readonly entry: E
  readonly bytes: number
}

/** Makes one that is empty; `complain` is told how many are given up. */
export function createBacklog<E>(room: Room, complain: (count: number) => void): Backlog<E> {
  const waiting: Waiting<E>[] = []
  let bytes = 0
  let dropped = 0
  const drop = (count: number): void => {
    dropped += count
    complain(count)
  }
  const take = (count: number): E[] => {
    const taken = waiting.splice(0, count)
    for (const one of taken) bytes -= one.bytes
    return taken.map(({ entry }) => entry)
  }
  const makeRoom = (size: number): void => {
    const before = waiting.length
    while (waiting.length >= room.entries) take(1)
    while (bytes + size > room.bytes && waiting.length > 0) take(1)
    if (waiting.length < before) drop(before - waiting.length)
  }
  return {
    get length() {
      return waiting.length
    },
    get dropped() {
      return dropped
    },
    add(entry, size) {
      if (size > room.bytes) {
        drop(1)
        return false
      }
      makeRoom(size)
      waiting.push({ entry, bytes: size })
      bytes += size
      return true
    },
    take,
    drop,
  }
}

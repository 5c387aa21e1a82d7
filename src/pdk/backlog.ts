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

/** Is told what goes on in a backlog. */
export interface BacklogNotes {
  /** One is about to be put behind so many others. */
  adding(waiting: number): void
  /** The oldest ones went, for there were as many as there may be, or their bytes were too many. */
  full(dropped: number): void
  tooManyBytes(dropped: number): void
  /** One alone has more bytes than there is room for. */
  tooLong(bytes: number): void
}

/** Makes one that is empty. */
export function createBacklog<E>(room: Room, notes: BacklogNotes): Backlog<E> {
  const waiting: Waiting<E>[] = []
  let bytes = 0
  let dropped = 0
  const drop = (count: number): void => {
    dropped += count
  }
  const take = (count: number): E[] => {
    const taken = waiting.splice(0, count)
    for (const one of taken) bytes -= one.bytes
    return taken.map(({ entry }) => entry)
  }
  const makeRoom = (size: number): void => {
    const over = take(Math.max(0, waiting.length - room.entries + 1)).length
    if (over > 0) notes.full(over)
    const before = waiting.length
    while (bytes + size > room.bytes && waiting.length > 0) take(1)
    const tooMany = before - waiting.length
    if (tooMany > 0) notes.tooManyBytes(tooMany)
    drop(over + tooMany)
  }
  return {
    get length() {
      return waiting.length
    },
    get dropped() {
      return dropped
    },
    add(entry, size) {
      notes.adding(waiting.length)
      if (size > room.bytes) {
        drop(1)
        notes.tooLong(size)
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

import type { Connection } from './connection.ts'
import { failureOf, RedisError } from './redis-error.ts'

/** How connections are kept. */
export interface KeeperOptions {
  readonly open: () => Promise<Connection>
  /** How many there may be; with more than one, commands that are not awaited may overtake each other. */
  readonly connections: number
  /** A connection is opened for each use, and closed after it. */
  readonly pooled: boolean
  readonly now: () => number
  readonly random: () => number
}

/** Lends connections to one Redis. */
export interface Keeper {
  /** Rejects with a RedisError when there is none, at once for a while after a failure. */
  use<T>(work: (connection: Connection) => Promise<T>): Promise<T>
  /** Closes what is kept; a later use opens anew. */
  close(): void
}

/** A place for a connection. */
interface Slot {
  connection: Promise<Connection> | undefined
  /** The same once it stands. */
  ready: Connection | undefined
  users: number
}

/** Milliseconds to wait after a failure to connect, doubled with each further one. */
const FIRST_REST = 50
const LONGEST_REST = 1000

/** Keeps connections between uses, where they may be kept. */
export function createKeeper(options: KeeperOptions): Keeper {
  const slots: Slot[] = Array.from({ length: options.connections }, () => ({
    connection: undefined,
    ready: undefined,
    users: 0,
  }))
  const open = carefully(options)

  return {
    async use(work) {
      if (!options.pooled) return useOnce(open, work)
      const slot = slots.reduce((best, slot) => (slot.users < best.users ? slot : best))
      slot.users++
      try {
        return await work(await connectionIn(slot, open))
      } finally {
        slot.users--
      }
    },
    close() {
      for (const slot of slots) {
        slot.connection?.then(
          (connection) => connection.close(),
          () => {},
        )
        slot.connection = undefined
        slot.ready = undefined
      }
    },
  }
}

async function useOnce<T>(
  open: () => Promise<Connection>,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await open()
  try {
    return await work(connection)
  } finally {
    connection.close()
  }
}

/** The slot's connection, opened by the first who wants it. */
function connectionIn(slot: Slot, open: () => Promise<Connection>): Promise<Connection> {
  if (slot.connection !== undefined && slot.ready?.open !== false) return slot.connection
  slot.ready = undefined
  const opening = open()
  slot.connection = opening
  opening.then(
    (connection) => {
      if (slot.connection === opening) slot.ready = connection
    },
    () => {
      if (slot.connection === opening) slot.connection = undefined
    },
  )
  return opening
}

/** Does not try again for a short, growing time after a failure: who asks then is told that one. */
function carefully({ open, now, random }: KeeperOptions): () => Promise<Connection> {
  let failures = 0
  let restUntil = Number.NEGATIVE_INFINITY
  let last: RedisError | undefined
  return async () => {
    if (last !== undefined && now() < restUntil) {
      throw new RedisError(last.code, last.message, { cause: last, refused: last.refused })
    }
    try {
      const connection = await open()
      failures = 0
      last = undefined
      return connection
    } catch (error) {
      last = failureOf(error)
      const rest = Math.min(LONGEST_REST, FIRST_REST * 2 ** failures)
      restUntil = now() + rest * (0.5 + random() / 2)
      failures++
      throw last
    }
  }
}

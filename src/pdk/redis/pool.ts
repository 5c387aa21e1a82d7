import type { Sockets } from '../../ports/sockets.ts'
import { createRedis, type OwnRedisClient, type RedisSettings } from './create-redis.ts'
import type { RedisClient, RedisOptions } from './redis-client.ts'
import { RedisError } from './redis-error.ts'

/** Redis clients, one for all who ask for the same Redis in the same way. */
export interface RedisPool {
  /** Connects with its first command; stays good for as long as the pool is. */
  client(redis: RedisOptions): RedisClient
  /** Closes every connection; commands that wait are rejected, and so are later ones. */
  close(): void
}

interface Shared {
  readonly own: OwnRedisClient
  usedAt: number
}

/** Milliseconds after which connections that nobody uses are closed; Kong's. */
const IDLE = 10_000

/** Makes a pool; without sockets its clients refuse every command. */
export function createRedisPool(
  sockets: Sockets | undefined,
  settings: RedisSettings = {},
): RedisPool {
  const { now = () => performance.now() } = settings
  const clients = new Map<string, Shared>()
  let sweptAt = now()
  let closed = false

  /** The client behind a key, made anew when it was long unused. */
  const ownOf = (key: string, redis: RedisOptions): OwnRedisClient => {
    if (sockets === undefined) throw new RedisError('UNSUPPORTED', 'Cannot reach Redis from here')
    if (closed) throw new RedisError('CLOSED', 'The Redis clients are closed')
    const time = now()
    const shared = clients.get(key) ?? { own: createRedis(sockets, redis, settings), usedAt: time }
    shared.usedAt = time
    clients.set(key, shared)
    // No timer of its own: whoever uses a client closes what others left.
    if (time - sweptAt >= IDLE) {
      sweptAt = time
      closeUnused(clients, time)
    }
    return shared.own
  }
  return {
    client(redis) {
      const key = keyOf(redis)
      return {
        command: async (...command) => ownOf(key, redis).command(...command),
        pipeline: async (commands) => ownOf(key, redis).pipeline(commands),
        eval: async (script, keys, words) => ownOf(key, redis).eval(script, keys, words),
      }
    },
    close() {
      closed = true
      for (const { own } of clients.values()) own.close()
      clients.clear()
    },
  }
}

function closeUnused(clients: Map<string, Shared>, time: number): void {
  for (const [key, { own, usedAt }] of clients) {
    if (own.pending > 0 || time - usedAt < IDLE) continue
    own.close()
    clients.delete(key)
  }
}

/** What tells apart who may not share a connection. */
function keyOf(redis: RedisOptions): string {
  const { host, port, timeout, username, password, database, ssl, ssl_verify, server_name } = redis
  const parts = [host, port, timeout, username, password, database, ssl, ssl_verify, server_name]
  // Absent ones become null here, as they are in a stored config.
  return JSON.stringify(parts)
}

/** A pool that has one client for everyone, such as the user's own. */
export function poolOf(client: RedisClient): RedisPool {
  return { client: () => client, close() {} }
}

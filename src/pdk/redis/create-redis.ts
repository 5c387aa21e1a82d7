import { isRespError, type Reply } from '../../lib/resp.ts'
import type { RespLimits } from '../../lib/resp-parser.ts'
import type { Sockets } from '../../ports/sockets.ts'
import type { Connection } from './connection.ts'
import { createKeeper } from './keeper.ts'
import { login, nameOf, unsuitable } from './login.ts'
import type { RedisClient, RedisCommand, RedisOptions } from './redis-client.ts'
import { RedisError, refusal } from './redis-error.ts'
import { createScripts } from './script.ts'

/** What is the same for every Redis. */
export interface RedisSettings {
  /** How many connections a client may have. */
  readonly connections?: number
  /** Commands that may wait for their replies; more are refused. */
  readonly maxPending?: number
  /** What a reply may be; with `bytes`, texts come as they are. */
  readonly limits?: RespLimits
  /** Authorities to trust instead of the runtime's own, as PEM texts. */
  readonly ca?: readonly string[] | undefined
  readonly now?: () => number
  readonly random?: () => number
}

/** A client that lets go of its connections on demand. */
export interface OwnRedisClient extends RedisClient {
  /** Closes the connections; a later command opens one anew. */
  close(): void
  /** Commands that wait for their replies. */
  readonly pending: number
}

/** Makes a client; it connects with its first command. */
export function createRedis(
  sockets: Sockets,
  redis: RedisOptions,
  settings: RedisSettings = {},
): OwnRedisClient {
  const { connections = 1, maxPending = 10_000, limits = {}, ca } = settings
  const { now = () => performance.now(), random = Math.random } = settings
  const keeper = createKeeper({
    open: () => login(sockets, redis, { limits, ca, now }),
    connections,
    pooled: sockets.caps.pooled,
    now,
    random,
  })
  const runScript = createScripts()
  const gate = createGate(maxPending, nameOf(redis))
  const use = <T>(count: number, work: (connection: Connection) => Promise<T>): Promise<T> =>
    gate.pass(count, () => keeper.use(work))

  return {
    async command(...command) {
      const wrong = unsuitable([command])
      if (wrong !== undefined) throw wrong
      return use(1, (connection) => one(connection, command))
    },
    async pipeline(commands) {
      const wrong = unsuitable(commands)
      if (wrong !== undefined) throw wrong
      return commands.length === 0 ? [] : use(commands.length, ({ send }) => send(commands))
    },
    eval: (script, keys, words = []) =>
      use(1, (connection) =>
        runScript((command) => one(connection, command), { script, keys, words }),
      ),
    close: keeper.close,
    get pending() {
      return gate.pending
    },
  }
}

/** Lets so many commands wait, and no more. */
interface Gate {
  readonly pending: number
  pass<T>(count: number, work: () => Promise<T>): Promise<T>
}

function createGate(most: number, name: string): Gate {
  let pending = 0
  return {
    get pending() {
      return pending
    },
    async pass(count, work) {
      if (pending + count > most) {
        throw new RedisError('BUSY', `Too many commands wait for ${name}`)
      }
      pending += count
      try {
        return await work()
      } finally {
        pending -= count
      }
    },
  }
}

async function one({ send }: Connection, command: RedisCommand): Promise<Reply> {
  const [reply = null] = await send([command])
  if (isRespError(reply)) throw refusal(reply)
  return reply
}

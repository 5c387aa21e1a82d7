import { isRespError } from '../../lib/resp.ts'
import type { RespLimits } from '../../lib/resp-parser.ts'
import type { SocketPlace, Sockets } from '../../ports/sockets.ts'
import { type Connection, connectionOver } from './connection.ts'
import type { RedisCommand, RedisOptions } from './redis-client.ts'
import { failureOf, RedisError, refusal } from './redis-error.ts'

/** What Kong's `redis` block says when it is silent. */
const PORT = 6379
const TIMEOUT = 2000

/** What else a connection needs to know. */
export interface LoginOptions {
  readonly limits: RespLimits
  /** Authorities to trust instead of the runtime's own, as PEM texts. */
  readonly ca: readonly string[] | undefined
  readonly now: () => number
}

/** Connects, logs in and selects the database; rejects with a RedisError. */
export async function login(
  sockets: Sockets,
  redis: RedisOptions,
  { limits, ca, now }: LoginOptions,
): Promise<Connection> {
  const place = placeOf(redis, ca)
  const socket = await sockets.connect(place).catch((error: unknown) => {
    throw failureOf(error)
  })
  const connection = connectionOver(socket, { timeout: place.connectTimeout, limits, now })
  try {
    // Nothing else goes out before: without its login it would be somebody else's command.
    const replies = await connection.send(greeting(redis))
    const refused = replies.find(isRespError)
    if (refused !== undefined) throw refusal(refused)
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** A name to tell it by in messages. */
export function nameOf({ host, port }: RedisOptions): string {
  return `${host}:${port ?? PORT}`
}

function placeOf(redis: RedisOptions, ca: readonly string[] | undefined): SocketPlace {
  const { host, port, timeout, ssl, ssl_verify, server_name } = redis
  const tls = {
    serverName: server_name ?? host,
    verify: ssl_verify === true,
    ...(ca === undefined || ssl_verify !== true ? {} : { ca }),
  }
  return {
    host,
    port: port ?? PORT,
    connectTimeout: timeout ?? TIMEOUT,
    ...(ssl === true ? { tls } : {}),
  }
}

function greeting({ username, password, database }: RedisOptions): RedisCommand[] {
  const commands: RedisCommand[] = []
  // Kong: a name without a password is none.
  if (isGiven(password)) {
    commands.push(isGiven(username) ? ['AUTH', username, password] : ['AUTH', password])
  }
  if (typeof database === 'number' && database !== 0) commands.push(['SELECT', database])
  return commands
}

function isGiven(text: string | null | undefined): text is string {
  return typeof text === 'string' && text !== ''
}

/** Words a shared connection must not hear: they change it, or its replies, for everyone. */
const CHANGING = new Set(
  'AUTH CLIENT DISCARD EXEC HELLO MONITOR MULTI PSUBSCRIBE PSYNC QUIT REPLCONF RESET SELECT SSUBSCRIBE SUBSCRIBE SYNC WATCH'.split(
    ' ',
  ),
)

/** The first command that cannot be sent, as an error. A transaction is fine as one whole pipeline. */
export function unsuitable(commands: readonly RedisCommand[]): RedisError | undefined {
  const names = commands.map(([name]) => name.toUpperCase())
  const isTransaction = names.length > 1 && names[0] === 'MULTI' && names.at(-1) === 'EXEC'
  const wrong = (isTransaction ? names.slice(1, -1) : names).find((name) => CHANGING.has(name))
  if (wrong === undefined) return undefined
  return new RedisError('UNSUPPORTED', `Cannot send ${wrong} on a connection that others use`)
}

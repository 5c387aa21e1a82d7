import type { LdapResult } from '../../lib/ldap-message.ts'
import { SocketError, type SocketPlace, type Sockets } from '../../ports/sockets.ts'
import type { UpstreamTls } from '../../ports/transport.ts'
import { connectionOver, type LdapConnection } from './connection.ts'

/** Asks a directory who somebody is. */
export interface LdapClient {
  /** Binds as that name. Rejects with a SocketError when the directory does not answer. */
  bind(name: string, password: Uint8Array): Promise<LdapResult>
  close(): void
}

/** How a directory is reached; times in milliseconds. */
export interface LdapOptions {
  readonly place: SocketPlace
  /** TLS that is asked for once the connection stands; `place.tls` is TLS from its beginning. */
  readonly startTls?: UpstreamTls
  /** How long an answer may take. */
  readonly timeout: number
  /** How long a connection nobody uses is kept. */
  readonly keepalive: number
  readonly after: (milliseconds: number, run: () => void) => () => void
}

/** Connects as needed; each bind has a connection to itself, which the next one may use again. */
export function createLdapClient(sockets: Sockets, options: LdapOptions): LdapClient {
  const { keepalive, after } = options
  const idle = createIdle({ keepalive: sockets.caps.pooled ? keepalive : 0, after })
  const connect = () => connectTo(sockets, options)
  return {
    async bind(name, password) {
      const pooled = idle.take()
      const connection = pooled ?? (await connect())
      try {
        return await connection.bind(name, password)
      } catch (error) {
        // The directory may have ended it while nobody looked; a bind does no harm twice.
        if (pooled === undefined || isLate(error)) throw error
        const fresh = await connect()
        return await fresh.bind(name, password).finally(() => idle.give(fresh))
      } finally {
        idle.give(connection)
      }
    },
    close: () => idle.close(),
  }
}

async function connectTo(sockets: Sockets, options: LdapOptions): Promise<LdapConnection> {
  const connection = connectionOver(await sockets.connect(placeOf(options)), options)
  if (options.startTls === undefined) return connection
  try {
    return await connection.startTls(options.startTls)
  } catch (error) {
    connection.close()
    throw error
  }
}

/** Connections that nobody uses. */
interface Idle {
  take(): LdapConnection | undefined
  /** Keeps one for the next, or closes it. */
  give(connection: LdapConnection): void
  /** Closes those there are, and those that are given from now on. */
  close(): void
}

function createIdle({ keepalive, after }: Pick<LdapOptions, 'keepalive' | 'after'>): Idle {
  const idle = new Map<LdapConnection, () => void>()
  let closed = false
  const drop = (connection: LdapConnection): void => {
    idle.get(connection)?.()
    idle.delete(connection)
    connection.close()
  }
  return {
    take() {
      for (const [connection, forget] of idle) {
        idle.delete(connection)
        forget()
        if (connection.open) {
          connection.hold(true)
          return connection
        }
        connection.close()
      }
      return undefined
    },
    give(connection) {
      const keeps = connection.open && keepalive > 0 && !closed
      connection.hold(false)
      if (!keeps) return connection.close()
      idle.set(
        connection,
        after(keepalive, () => drop(connection)),
      )
    },
    close() {
      closed = true
      for (const connection of Array.from(idle.keys())) drop(connection)
    },
  }
}

/** A runtime may have to know from the beginning that TLS is to come. */
function placeOf({ place, startTls }: LdapOptions): SocketPlace {
  return startTls === undefined ? place : { ...place, startTls: true }
}

function isLate(error: unknown): boolean {
  return error instanceof SocketError && error.code === 'ETIMEDOUT'
}

import {
  BIND_RESPONSE,
  bindRequest,
  EXTENDED_RESPONSE,
  LDAP_CODE,
  type LdapResult,
  readLdapResult,
  startTlsRequest,
} from '../lib/ldap-message.ts'
import { type ByteSocket, SocketError, type SocketPlace, type Sockets } from '../ports/sockets.ts'
import type { UpstreamTls } from '../ports/transport.ts'

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

interface Connection {
  readonly open: boolean
  bind(name: string, password: Uint8Array): Promise<LdapResult>
  /** The same connection, in TLS. */
  startTls(tls: UpstreamTls): Promise<Connection>
  hold(holds: boolean): void
  close(): void
}

/** Connects as needed; each bind has a connection to itself, which the next one may use again. */
export function createLdapClient(sockets: Sockets, options: LdapOptions): LdapClient {
  const { keepalive, after } = options
  const idle = new Map<Connection, () => void>()
  const drop = (connection: Connection): void => {
    idle.get(connection)?.()
    idle.delete(connection)
    connection.close()
  }
  let closed = false
  const release = (connection: Connection): void => {
    const keeps = connection.open && sockets.caps.pooled && keepalive > 0 && !closed
    connection.hold(false)
    if (keeps)
      idle.set(
        connection,
        after(keepalive, () => drop(connection)),
      )
    else connection.close()
  }
  const takeIdle = (): Connection | undefined => {
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
  }
  const connect = async (): Promise<Connection> => {
    const connection = connectionOver(await sockets.connect(placeOf(options)), options)
    if (options.startTls === undefined) return connection
    try {
      return await connection.startTls(options.startTls)
    } catch (error) {
      connection.close()
      throw error
    }
  }

  return {
    async bind(name, password) {
      const pooled = takeIdle()
      const connection = pooled ?? (await connect())
      try {
        return await connection.bind(name, password)
      } catch (error) {
        // The directory may have ended it while nobody looked; a bind does no harm twice.
        if (pooled === undefined || isLate(error)) throw error
        const fresh = await connect()
        return await fresh.bind(name, password).finally(() => release(fresh))
      } finally {
        release(connection)
      }
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

interface Waiting {
  readonly id: number
  /** The answer's. */
  readonly tag: number
  readonly settle: (outcome: LdapResult | SocketError) => void
}

function connectionOver(socket: ByteSocket, options: LdapOptions): Connection {
  const { ask, isClean } = conversationOver(socket, options)
  return {
    get open() {
      return socket.open && isClean()
    },
    bind: (name, password) => ask(BIND_RESPONSE, (id) => bindRequest(id, name, password)),
    async startTls(tls) {
      const { code } = await ask(EXTENDED_RESPONSE, startTlsRequest)
      // What came along with the answer was not said in TLS: nobody may take it for that.
      if (code !== LDAP_CODE.success || !isClean() || socket.startTls === undefined)
        throw new SocketError('EPROTO', `The directory does not begin TLS: ${code}`)
      socket.onClose(() => {})
      return connectionOver(await socket.startTls(tls, options.timeout), options)
    },
    hold: (holds) => socket.hold?.(holds),
    close: () => socket.close(),
  }
}

interface Conversation {
  ask(tag: number, write: (id: number) => Uint8Array): Promise<LdapResult>
  /** Whether nothing came that nobody asked for. */
  isClean(): boolean
}

function conversationOver(socket: ByteSocket, { timeout, after }: LdapOptions): Conversation {
  let unread = new Uint8Array()
  let waiting: Waiting | undefined
  let lastId = 0
  const end = (error: SocketError): void => {
    waiting?.settle(error)
    waiting = undefined
    socket.close()
  }
  socket.onClose((error) => end(error ?? new SocketError('ECONNRESET', 'The directory hung up')))
  socket.onData((bytes) => {
    unread = new Uint8Array([...unread, ...bytes])
    const reading = readLdapResult(unread)
    if (reading === 'incomplete') return
    // Nobody asked, nobody is answered: nothing that comes is for the next one either.
    const { result, length } = reading === 'broken' ? { result: undefined, length: 0 } : reading
    if (result === undefined || result.id !== waiting?.id || result.tag !== waiting.tag) {
      end(new SocketError('EPROTO', 'The directory does not answer as LDAP does'))
      return
    }
    unread = unread.slice(length)
    waiting.settle(result)
    waiting = undefined
  })
  return {
    isClean: () => unread.length === 0,
    ask: (tag, write) =>
      new Promise((resolve, reject) => {
        lastId = (lastId % 127) + 1
        const late = after(timeout, () =>
          end(new SocketError('ETIMEDOUT', 'The directory does not answer in time')),
        )
        waiting = {
          id: lastId,
          tag,
          settle(outcome) {
            late()
            if (outcome instanceof SocketError) reject(outcome)
            else resolve(outcome)
          },
        }
        socket.write(write(lastId)).catch((error: unknown) => {
          const told = error instanceof SocketError ? error : new SocketError('EPIPE', `${error}`)
          end(told)
        })
      }),
  }
}

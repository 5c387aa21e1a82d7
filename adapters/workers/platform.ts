/** A row as SQLite in a Durable Object gives it. */
export type SqlRow = Readonly<Record<string, string | number | null>>

/** The SQLite of a Durable Object; synchronous. */
export interface Sql {
  exec(query: string, ...values: readonly (string | number | null)[]): { toArray(): SqlRow[] }
}

/** What a Durable Object keeps and can be woken by. */
export interface DurableObjectStorage {
  readonly sql: Sql
  transactionSync<T>(work: () => T): T
  getAlarm(): Promise<number | null>
  setAlarm(time: number): Promise<void>
}

/** What a Durable Object is given at its start. */
export interface DurableObjectContext {
  readonly storage: DurableObjectStorage
}

/** A connection of `cloudflare:sockets`, with its streams. */
export interface StreamSocket {
  readonly opened: Promise<unknown>
  readonly closed: Promise<unknown>
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<Uint8Array>
  close(): Promise<void>
  /** Of a socket opened for it, whose streams nobody holds; the new one takes its place. */
  startTls(): StreamSocket
}

/** Opens a TCP connection. */
export type Connect = (
  address: { readonly hostname: string; readonly port: number },
  options?: {
    readonly secureTransport: 'off' | 'on' | 'starttls'
    readonly allowHalfOpen: boolean
  },
) => StreamSocket

/** A pair of streams whose bytes pass natively; with a length, the message gets a Content-Length. */
export interface PassThrough {
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<Uint8Array>
}

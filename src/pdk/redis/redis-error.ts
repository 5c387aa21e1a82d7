import { messageOf } from '../../lib/message-of.ts'
import type { RespError } from '../../lib/resp.ts'
import { SocketError } from '../../ports/sockets.ts'

/** Why a command has no reply, or one that refuses. */
export class RedisError extends Error {
  override readonly name = 'RedisError'
  /**
   * Redis' own word for a refusal (`NOSCRIPT`, `WRONGPASS`, `ERR`), else the socket's (`ECONNREFUSED`,
   * `ETIMEDOUT`), or `CLOSED`, `PROTOCOL`, `BUSY`, `UNSUPPORTED`.
   */
  readonly code: string
  /** Redis answered; nothing is wrong with the way to it. */
  readonly refused: boolean

  constructor(code: string, message: string, options?: ErrorOptions & { refused?: boolean }) {
    super(message, options)
    this.code = code
    this.refused = options?.refused ?? false
  }
}

/** A refusal as an error; its first word is its code. */
export function refusal({ error }: RespError): RedisError {
  const [code = 'ERR'] = error.split(' ', 1)
  return new RedisError(code, error, { refused: true })
}

/** Whatever went wrong on the way. */
export function failureOf(cause: unknown): RedisError {
  if (cause instanceof RedisError) return cause
  const code = cause instanceof SocketError ? cause.code : 'UNKNOWN'
  const message = messageOf(cause)
  return new RedisError(code, message, { cause })
}

import { SocketError } from '../../src/ports/sockets.ts'

/** The end of a connection, told once. */
export interface Ending {
  readonly over: boolean
  /** Calls whoever asked; later calls say nothing new. */
  tell(error?: SocketError): void
  /** Sets who is called, at once when it is over. */
  onClose(listener: (error?: SocketError) => void): void
  /** Why nothing can be written any more. */
  reason(): SocketError
}

/** Makes one that is yet to come; `release` gives the connection back when it does. */
export function createEnding(release: () => void): Ending {
  let told: { readonly error: SocketError | undefined } | undefined
  let listener: (error?: SocketError) => void = () => {}
  return {
    get over() {
      return told !== undefined
    },
    tell(error) {
      if (told !== undefined) return
      told = { error }
      release()
      listener(error)
    },
    onClose(next) {
      listener = next
      if (told !== undefined) next(told.error)
    },
    reason: () => told?.error ?? new SocketError('EPIPE', 'The connection is closed'),
  }
}

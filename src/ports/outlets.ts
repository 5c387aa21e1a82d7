import type { Sockets } from './sockets.ts'
import type { Sender } from './transport.ts'

/** What plugins connect with. */
export interface Outlets {
  readonly sockets?: Sockets | undefined
  readonly transport: Sender
}

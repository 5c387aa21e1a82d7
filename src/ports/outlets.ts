import type { Sockets } from './sockets.ts'
import type { Transport } from './transport.ts'

/** What plugins connect with. */
export interface Outlets {
  readonly sockets?: Sockets | undefined
  readonly transport: Pick<Transport, 'caps' | 'send'>
}

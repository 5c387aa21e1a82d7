import type { Outlets } from '../ports/outlets.ts'
import { namedSockets } from './named-sockets.ts'
import { namedTransport } from './named-transport.ts'
import type { Names } from './names.ts'

/** What plugins connect with, where names are ours to find, as in Kong. */
export function namedOutlets({ sockets, transport }: Outlets, names: Names): Required<Outlets> {
  return {
    sockets: sockets && namedSockets(sockets, names),
    transport: namedTransport(transport, names),
  }
}

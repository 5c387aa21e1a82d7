import type { ConnectionCounts } from '../../src/ports/connections.ts'
import type { Client } from './server-client.ts'
import type { ServerContext } from './server-context.ts'
import type { Front } from './server-front.ts'

/** How the connections of one listener stand. Looks at each: who asks for it asks seldom. */
export function connectionsOf(
  { clients, tally }: Pick<ServerContext, 'clients' | 'tally'>,
  front?: Pick<Front, 'open'>,
): ConnectionCounts {
  // One that shakes hands is nobody's client yet.
  let reading = Math.max(0, (front?.open.size ?? 0) - clients.size)
  let writing = 0
  for (const client of clients.values()) {
    if (client.taken || !client.idle) writing++
    else if (hasBegun(client)) reading++
  }
  const active = Math.max(front?.open.size ?? 0, clients.size)
  const { accepted, refused } = tally
  const waiting = active - reading - writing
  return { accepted, handled: accepted - refused, active, reading, writing, waiting }
}

/** Later heads are seen whole or not at all: no runtime tells of their beginnings. */
function hasBegun({ asked, socket }: Client): boolean {
  return !asked && socket.bytesRead > 0
}

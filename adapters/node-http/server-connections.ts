import type { ConnectionCounts } from '../../src/ports/connections.ts'
import type { ServerContext } from './server-context.ts'
import type { Front } from './server-front.ts'

/** How the connections of one listener stand. Looks at each: who asks for it asks seldom. */
export function connectionsOf(
  { clients, tally }: Pick<ServerContext, 'clients' | 'tally'>,
  front: Pick<Front, 'open'>,
): ConnectionCounts {
  // One that shakes hands is nobody's client yet.
  let reading = Math.max(0, front.open.size - clients.size)
  let writing = 0
  for (const client of clients.values()) {
    if (client.taken || !client.idle) writing++
    else if (client.begun) reading++
  }
  const active = Math.max(front.open.size, clients.size)
  const { accepted, refused } = tally
  const waiting = active - reading - writing
  return { accepted, handled: accepted - refused, active, reading, writing, waiting }
}

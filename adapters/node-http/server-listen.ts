import { unlinkSync } from 'node:fs'
import { connect, type ListenOptions as NetListenOptions, type Server } from 'node:net'
import { IS_DENO } from './quirks.ts'
import type { ServerContext } from './server-context.ts'
import type { Front } from './server-front.ts'
import type { Http2Door } from './server-h2.ts'
import { reviveListener } from './server-revival.ts'

/** Where to listen. */
export interface Place {
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly path?: string | undefined
  readonly backlog?: number | undefined
  /** Of an IPv6 address: leaves IPv4 to others, who may listen at the same port. */
  readonly ipv6Only?: boolean | undefined
  /** Another listener of ours has the same port of the other family. */
  readonly hasTwin?: boolean | undefined
}

/** A server that listens. */
export interface Bound {
  /** 0 for a socket in the file system. */
  readonly port: number
  /** Takes no more connections; settles once those it has are closed. */
  close(): Promise<void>
}

/** Listens; rejects with the system's error. */
export async function bind(server: Server, place: Place): Promise<Bound> {
  try {
    return await bindOnce(server, place)
  } catch (error) {
    if (place.path === undefined || !(await isAbandoned(place.path))) throw error
    unlinkSync(place.path)
    return bindOnce(server, place)
  }
}

function bindOnce(server: Server, place: Place): Promise<Bound> {
  const { host, port = 0, path, backlog, ipv6Only = false, hasTwin = false } = place
  const at: NetListenOptions = path === undefined ? { host, port, ipv6Only } : { path }
  // Deno knows no ipv6Only: two may have one port there, and IPv4 goes to whom it belongs.
  if (IS_DENO && hasTwin) Object.assign(at, { reusePort: true })
  if (backlog !== undefined) at.backlog = backlog
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(at, () => {
      server.off('error', reject)
      // Failing accepts (too many open files) pass; the process goes on.
      server.on('error', ignore)
      resolve(boundOf(server, at))
    })
  })
}

function boundOf(server: Server, at: NetListenOptions): Bound {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? (address.port ?? 0) : 0
  const again = at.path === undefined ? { ...at, port } : at
  const rest = IS_DENO ? reviveListener(server, again) : undefined
  return {
    port,
    close() {
      rest?.()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** A socket whose process was killed stays in the file system, and nobody answers there. */
function isAbandoned(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path })
    socket.on('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'))
  })
}

/** What one listener serves by. */
export interface Doors {
  readonly bound: Bound
  readonly front: Front
  readonly http2: Http2Door | undefined
}

/** How long a keep-alive client may still come, to be told and not cut off. */
export const FAREWELL = 1000

/** Takes no more connections, lets what runs end within the time, then cuts. */
export async function stop(context: ServerContext, doors: Doors, graceMs: number): Promise<void> {
  const { bound, front, http2 } = doors
  context.close()
  http2?.close()
  const closed = bound.close()
  const farewell = setTimeout(
    () => {
      cut(context, true)
      front.destroySilent()
    },
    Math.min(graceMs, FAREWELL),
  )
  const grace = setTimeout(() => {
    cut(context, false)
    front.destroyAll()
  }, graceMs)
  await closed
  clearTimeout(farewell)
  clearTimeout(grace)
}

function cut(context: ServerContext, idleOnly: boolean): void {
  for (const client of context.clients.values()) {
    if (!idleOnly || (client.idle && !client.taken)) client.socket.destroy()
  }
}

function ignore(): void {}

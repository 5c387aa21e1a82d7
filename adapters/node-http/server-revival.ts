import type { ListenOptions, Server } from 'node:net'
import { lackOfFiles } from './lack-of-files.ts'

/** How often it is looked whether files are to be had, in ms; a look takes some microseconds. */
const PERIOD = 100

/**
 * Listens anew each time that the process had no file left and has some again; gives what ends
 * that. Deno (2.9) tells nobody of an accept that fails for want of files, and takes no client
 * any more from then on. Those that are connected stay.
 */
export function reviveListener(
  server: Server,
  at: ListenOptions,
  filesLeft: () => boolean = () => lackOfFiles() === undefined,
): () => void {
  let state: 'listening' | 'deaf' | 'closed' = 'listening'
  server.on('error', () => {
    // It could not listen again: the next time, then.
    state = 'deaf'
  })
  const timer = setInterval(() => {
    if (!filesLeft()) {
      if (state === 'listening') state = 'deaf'
    } else if (state === 'deaf') {
      state = 'closed'
      server.close()
    } else if (state === 'closed') {
      // Only now: workers share a socket, which stays deaf until each of them has closed it.
      state = 'listening'
      server.listen(at)
    }
  }, PERIOD)
  timer.unref()
  return () => clearInterval(timer)
}

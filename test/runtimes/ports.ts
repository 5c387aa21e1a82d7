import { createServer } from 'node:net'

/**
 * Below those that the system gives outgoing connections and whoever asks for any port, of which
 * the tests make thousands: a port whose holder is gone for a moment stays nobody's. Each of
 * vitest's workers has a range of its own.
 */
const FIRST = 20_000
const A_WORKER = 3000
const WORKERS = 4

const first = FIRST + (Number(process.env.VITEST_POOL_ID ?? 0) % WORKERS) * A_WORKER
// Not from the first one on: the file before this one may not have let go of all of its own.
let next = Math.floor(Math.random() * A_WORKER)

/** A port of 127.0.0.1 that nobody listens on, and which is given to nobody else in this file. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = first + (next++ % A_WORKER)
    if (await isFree(port)) return port
  }
}

/** Two of them. */
export async function freePorts(): Promise<[number, number]> {
  return [await freePort(), await freePort()]
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

import { GIBBONS, NATIVE, withCandidates } from '../candidates.mjs'
import { openWebSockets } from '../load/websockets.mjs'
import { cpuOf, pause, rssOf } from '../processes.mjs'
import { markdown } from '../rounds.mjs'

const COUNT = 1000

/** A thousand WebSockets open at once, every one echoed each round. */
export async function measure({ port, ports, rounds, progress }) {
  const names = [...GIBBONS, ...NATIVE]
  const rows = await withCandidates({ names, port, targets: ports.clear }, async (candidates) => {
    const made = []
    for (const candidate of candidates) {
      progress(candidate.name)
      made.push(await rowOf(candidate, rounds))
    }
    return made
  })
  const table = markdown(
    [
      'proxy',
      'open',
      'memory before, MiB',
      'with all open, MiB',
      'KiB a WebSocket',
      'CPU µs an echo',
      'p99 ms',
      'failed',
    ],
    rows,
  )
  const text = `${COUNT} WebSockets through the proxy to an echo; each sends a message of its own and waits for it, all at once, ${rounds} × 10 times.\n\n${table}`
  return { title: 'WebSockets', text }
}

async function rowOf({ name, port, pid }, rounds) {
  const before = rssOf(pid)
  const sockets = await openWebSockets(port, { count: COUNT, path: '/mock/echo' })
  await pause(500)
  const after = rssOf(pid)
  const cpu = cpuOf(pid)
  let last = await sockets.echo()
  for (let turn = 1; turn < rounds * 10; turn++) last = await sockets.echo()
  const echoed = (cpuOf(pid) - cpu) / last.count
  const open = sockets.open
  sockets.close()
  return [
    name,
    open,
    before.toFixed(0),
    after.toFixed(0),
    (((after - before) * 1024) / COUNT).toFixed(1),
    (echoed * 1e6).toFixed(1),
    last.p99.toFixed(1),
    last.failed,
  ]
}

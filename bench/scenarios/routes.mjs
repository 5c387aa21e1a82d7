import { askFor, manyRoutes } from '../config.mjs'
import { load } from '../load/keep-alive.mjs'
import { get } from '../load/requests.mjs'
import { startGibbon, stop } from '../processes.mjs'
import { against, interleaved, markdown, of } from '../rounds.mjs'

const COUNTS = [1, 10_000, 100_000]

/** Gibbon against itself: what finding one route among many adds to a request. */
export async function measure({ port, ports, rounds, ms, progress }) {
  const candidates = []
  for (const [index, count] of COUNTS.entries()) {
    progress(`starting with ${count} routes`)
    const config = manyRoutes(count, ports.clear)
    const started = await startGibbon(port + index, { config })
    candidates.push({ name: count.toLocaleString('en'), count, port: port + index, ...started })
  }
  const ask = (candidate, time) =>
    load(candidate.port, { ms: time, length: 140, request: () => anyOf(candidate.count) })
  const measured = await interleaved(candidates, { rounds, ms, warm: 3000, ask, progress })
  await Promise.all(candidates.map(stop))
  const table = markdown(
    ['routes', 'CPU µs a request', '× one route', 'requests/s', 'p99 ms', 'memory MiB', 'failed'],
    measured.map((one) => [
      one.name,
      of(one, 'cpu', 1),
      against(one, measured[0], 'cpu', 2),
      of(one, 'rps', 0),
      of(one, 'p99', 2),
      of(one, 'rss', 0),
      one.failed,
    ]),
  )
  const text = `A host and a path each, asked for at random with equal chances; 64 keep-alive connections; Node.\n\n${table}`
  return { title: 'Many routes', text }
}

function anyOf(count) {
  const { path, host } = askFor(Math.floor(Math.random() * count))
  return get(path, host)
}

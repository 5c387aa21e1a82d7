import { oneRoute } from '../config.mjs'
import { load } from '../load/keep-alive.mjs'
import { get } from '../load/requests.mjs'
import { startGibbon, stop } from '../processes.mjs'
import { against, interleaved, markdown, of } from '../rounds.mjs'

/** One process and two: what sharing the ports and the configuration costs. */
export async function measure({ port, ports, rounds, ms, progress }) {
  const request = get('/mock/anything?n=1')
  const candidates = []
  for (const count of [1, 2]) {
    progress(`starting ${count}`)
    const options = { config: oneRoute(ports.clear), env: { GIBBON_WORKERS: String(count) } }
    const at = port + count
    candidates.push({ name: String(count), port: at, ...(await startGibbon(at, options)) })
  }
  const ask = (candidate, time) => load(candidate.port, { ms: time, length: 140, request })
  const measured = await interleaved(candidates, { rounds, ms, warm: 2000, ask, progress })
  await Promise.all(candidates.map(stop))
  const table = markdown(
    [
      'processes',
      'CPU µs a request',
      '× one process',
      'requests/s',
      '× one process',
      'memory MiB',
      'failed',
    ],
    measured.map((one) => [
      one.name,
      of(one, 'cpu', 1),
      against(one, measured[0], 'cpu', 2),
      of(one, 'rps', 0),
      against(one, measured[0], 'rps', 2),
      of(one, 'rss', 0),
      one.failed,
    ]),
  )
  const text = `GET, 140 bytes, 64 keep-alive connections; Node; CPU and memory of the whole process tree. With as few cores as here the loader and the targets take what a second process would: requests/s say nothing of scaling. What is bound by CPU is the honest figure: n processes on n free cores serve n divided by the ratio of CPU a request.\n\n${table}`
  return { title: 'Several processes', text }
}

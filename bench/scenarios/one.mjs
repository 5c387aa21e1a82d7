import { GIBBONS, NATIVE, withCandidates } from '../candidates.mjs'
import { get } from '../load/requests.mjs'
import { keepToCore } from '../processes.mjs'
import { against, interleaved, markdown, of } from '../rounds.mjs'
import { asked } from './compare.mjs'

const NAMES = [...GIBBONS, ...NATIVE, 'bare node:http']
const ask = asked({ request: get('/mock/anything?n=1'), length: 140, connections: 1 })

/** What a lone request waits for: no queue anywhere. */
export async function measure({ target, port, ports, rounds, ms, progress }) {
  const run = { rounds, ms, ask, progress }
  const text = await withCandidates({ names: NAMES, port, targets: ports.clear }, async (all) => {
    const spread = await interleaved(all, run)
    // Where each has a core, most of the time goes into waking it, four times a request. On one, all of it is work.
    const pids = [process.pid, target.pid, ...all.map(({ pid }) => pid)]
    try {
      const kept = pids.every((pid) => keepToCore(pid, 0))
      return tableOf(spread, kept ? await interleaved(all, run) : [])
    } finally {
      for (const pid of pids) keepToCore(pid)
    }
  })
  return {
    title: 'One connection',
    text: `GET, 140 bytes, one request at a time; first as the system places loader, proxy and targets, then with all of them on one core, where nobody has to be woken on another.\n\n${text}`,
  }
}

function tableOf(spread, together) {
  const over = (one, among) =>
    against(one, among.find(({ name }) => name === 'nginx') ?? among[0], 'p50', 3, (a, b) => a - b)
  return markdown(
    [
      'proxy',
      'p50 ms',
      'over nginx, ms',
      'p50 ms, one core',
      'over nginx, ms, one core',
      'p99 ms',
      'CPU µs a request',
      'failed',
    ],
    spread.map((one) => {
      const beside = together.find(({ port }) => port === one.port)
      return [
        one.name,
        of(one, 'p50', 3),
        over(one, spread),
        ...(beside === undefined ? ['–', '–'] : [of(beside, 'p50', 3), over(beside, together)]),
        of(one, 'p99', 2),
        of(one, 'cpu', 1),
        one.failed + (beside?.failed ?? 0),
      ]
    }),
  )
}

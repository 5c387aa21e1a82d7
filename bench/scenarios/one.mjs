import { GIBBONS, NATIVE, withCandidates } from '../candidates.mjs'
import { get } from '../load/requests.mjs'
import { against, interleaved, markdown, of } from '../rounds.mjs'
import { asked } from './compare.mjs'

/** What a lone request waits for: no queue anywhere. */
export async function measure({ port, ports, rounds, ms, progress }) {
  const ask = asked({ request: get('/mock/anything?n=1'), length: 140, connections: 1 })
  const names = [...GIBBONS, ...NATIVE, 'bare node:http']
  const table = await withCandidates({ names, port, targets: ports.clear }, async (candidates) => {
    const measured = await interleaved(candidates, { rounds, ms, ask, progress })
    const base = measured.find(({ name }) => name === 'nginx') ?? measured[0]
    return markdown(
      ['proxy', 'p50 ms', `p50 over ${base.name}, ms`, 'p99 ms', 'CPU µs a request', 'failed'],
      measured.map((one) => [
        one.name,
        of(one, 'p50', 3),
        against(one, base, 'p50', 3, (a, b) => a - b),
        of(one, 'p99', 2),
        of(one, 'cpu', 1),
        one.failed,
      ]),
    )
  })
  return { title: 'One connection', text: `GET, 140 bytes, one request at a time.\n\n${table}` }
}

import { FLOOR_ON_WORKERD, GIBBON_ON_WORKERD, withCandidates } from '../candidates.mjs'
import { get } from '../load/requests.mjs'
import { interleaved, tableBeside } from '../rounds.mjs'
import { asked } from './compare.mjs'

/** Gibbon on workerd beside what that runtime asks of a Worker that does nothing at all. */
export async function measure({ port, ports, rounds, ms, progress }) {
  const ask = asked({ request: get('/mock/anything?n=1'), length: 140 })
  const names = [GIBBON_ON_WORKERD, FLOOR_ON_WORKERD]
  const table = await withCandidates({ names, port, targets: ports.clear }, async (candidates) => {
    // What a Worker is made of takes its time to be compiled.
    const measured = await interleaved(candidates, { rounds, ms, warm: 3000, ask, progress })
    const floor = measured.find(({ name }) => name.startsWith(FLOOR_ON_WORKERD))
    return tableBeside('worker', measured, { '× untouched fetch': floor })
  })
  const text = `GET, 140 bytes of JSON, 64 keep-alive connections, one route, two targets; beside a Worker that is \`fetch(target, request)\` and no more, on a workerd of its own.\n\n${table}`
  return { title: 'On workerd', text }
}

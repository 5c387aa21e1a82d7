import { withCandidates } from '../candidates.mjs'
import { load } from '../load/keep-alive.mjs'
import { get } from '../load/requests.mjs'
import { steady } from '../load/steady.mjs'
import { median } from '../load/summary.mjs'
import { markdown } from '../rounds.mjs'

const SHARE = 0.7
const NAMES = ['gibbon', 'gibbon on bun', 'gibbon on deno', 'nginx', 'nginx with Lua']

/** How long the slowest wait when there is work for most of the time, not all of it. */
export async function measure({ port, ports, rounds, ms, progress }) {
  const request = get('/mock/anything?n=1')
  const rows = await withCandidates(
    { names: NAMES, port, targets: ports.clear },
    async (candidates) => {
      const measured = candidates.map((one) => ({ ...one, most: [], own: [], same: [] }))
      for (const { name, port: at } of measured) {
        progress(`warming up ${name}`)
        await load(at, { ms: 1500, request })
      }
      for (let round = 1; round <= rounds; round++) {
        for (const one of measured) {
          progress(`round ${round} of ${rounds}: ${one.name}`)
          // Anew in each round: what is left of the machine changes from minute to minute.
          one.most.push((await load(one.port, { ms, request })).rps)
          const rate = SHARE * one.most.at(-1)
          one.own.push(await steady(one.port, { ms, rate, request }))
          const same = SHARE * measured[0].most.at(-1)
          one.same.push(await steady(one.port, { ms, rate: same, request }))
        }
      }
      return measured
    },
  )
  const p99 = (list) => median(list.map((round) => round.p99))
  const p50 = (list) => median(list.map((round) => round.p50))
  const table = markdown(
    [
      'proxy',
      'saturated at, requests/s',
      'p50 ms at 70 % of it',
      'p99 ms at 70 % of it',
      "p99 ms at 70 % of Gibbon's",
      'failed',
    ],
    rows.map((row) => [
      row.name,
      median(row.most).toFixed(0),
      p50(row.own).toFixed(2),
      p99(row.own).toFixed(2),
      p99(row.same).toFixed(2),
      [...row.own, ...row.same].reduce((sum, { failed }) => sum + failed, 0),
    ]),
  )
  const text = `GET, 140 bytes, a fixed rate: latency counts from when a request was due, in steps of a millisecond. Saturated by 64 connections with loader and targets on the same cores: the faster the proxy, the more it is the loader that is saturated.\n\n${table}`
  return { title: 'Latency at 70 % of saturation', text }
}

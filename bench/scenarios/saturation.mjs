import { withCandidates } from '../candidates.mjs'
import { load } from '../load/keep-alive.mjs'
import { get } from '../load/requests.mjs'
import { steady } from '../load/steady.mjs'
import { median } from '../load/summary.mjs'
import { cpuOf, keepToCore } from '../processes.mjs'
import { markdown } from '../rounds.mjs'

const SHARE = 0.7
const NAMES = ['gibbon', 'gibbon on bun', 'gibbon on deno', 'nginx', 'nginx with Lua', 'Caddy']
const request = get('/mock/anything?n=1')

/** How long the slowest wait when there is work for most of the time, not all of it. */
export async function measure({ target, port, ports, rounds, ms, progress }) {
  // The loader and the targets on one core, each proxy alone on the other: it is the proxy that is loaded, and nothing else waits.
  const apart = [process.pid, target.pid]
  const kept = apart.every((pid) => keepToCore(pid, 1))
  const rows = await withCandidates({ names: NAMES, port, targets: ports.clear }, (candidates) => {
    if (kept) for (const { pid } of candidates) keepToCore(pid, 0)
    return measured(candidates, { rounds, ms, progress })
  }).finally(() => {
    for (const pid of apart) keepToCore(pid)
  })
  const table = markdown(
    [
      'proxy',
      'a core serves, requests/s',
      'p50 ms at 70 % of it',
      'p99 ms at 70 % of it',
      "p99 ms at 70 % of Gibbon's",
      'failed',
    ],
    rows.map((row) => [
      row.name,
      median(row.most).toFixed(0),
      median(row.own.map(({ p50 }) => p50)).toFixed(2),
      median(row.own.map(({ p99 }) => p99)).toFixed(2),
      median(row.same.map(({ p99 }) => p99)).toFixed(2),
      [...row.own, ...row.same].reduce((sum, { failed }) => sum + failed, 0),
    ]),
  )
  const where = kept
    ? 'Each proxy on a core of its own, the loader and the targets on another'
    : 'The proxy, the loader and the targets share all cores: the figures say little'
  const text = `GET, 140 bytes, a fixed rate: latency counts from when a request was due, in steps of a millisecond. ${where}. What a core serves is a second over the CPU of a request under 64 busy connections.\n\n${table}`
  return { title: 'Latency at 70 % of saturation', text }
}

async function measured(candidates, { rounds, ms, progress }) {
  const rows = candidates.map((one) => ({ ...one, most: [], own: [], same: [] }))
  for (const { name, port } of rows) {
    progress(`warming up ${name}`)
    await load(port, { ms: 1500, request })
  }
  for (let round = 1; round <= rounds; round++) {
    for (const one of rows) {
      progress(`round ${round} of ${rounds}: ${one.name}`)
      // Anew in each round: what is left of the machine changes from minute to minute.
      one.most.push(await coreServes(one, ms))
      one.own.push(await steady(one.port, { ms, rate: SHARE * one.most.at(-1), request }))
      one.same.push(await steady(one.port, { ms, rate: SHARE * rows[0].most.at(-1), request }))
    }
  }
  return rows
}

/** Requests a second that fill one core, by what each costs. */
async function coreServes({ pid, port }, ms) {
  const before = cpuOf(pid)
  const { count } = await load(port, { ms, request })
  return count / (cpuOf(pid) - before)
}

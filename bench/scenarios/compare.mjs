// What the scenarios that compare proxies by one request have in common.
import { withCandidates } from '../candidates.mjs'
import { load } from '../load/keep-alive.mjs'
import { interleaved, table } from '../rounds.mjs'

/** Measures the candidates of these names by one kind of load and tells the usual table. */
export function compare(run, { names, asking, ask = asked(asking) }) {
  const { port, ports, rounds, ms, progress } = run
  return withCandidates({ names, port, targets: ports.clear }, async (candidates) =>
    table(await interleaved(candidates, { rounds, ms, ask, progress })),
  )
}

/** Asks a candidate by keep-alive connections. */
export function asked(asking) {
  return ({ port }, ms, connected) =>
    load(asking.tls === true ? port + 50 : port, { ms, connected, ...asking })
}

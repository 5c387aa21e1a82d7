// Interleaved rounds: every candidate is asked in each, so that what else the machine does falls on all alike.
import { median } from './load/summary.mjs'
import { cpuOf, lives, rssOf } from './processes.mjs'

/** Warms every candidate up, then asks each in turn, `rounds` times; `ask(candidate, ms, connected)` resolves to a summary. */
export async function interleaved(candidates, { rounds, ms, warm = 1000, ask, progress }) {
  const measured = candidates.map((candidate) => ({ ...candidate, rounds: [], failed: 0 }))
  for (const candidate of measured) {
    progress(`warming up ${candidate.name}`)
    candidate.failed += (await ask(candidate, warm)).failed
  }
  for (let round = 1; round <= rounds; round++) {
    for (const candidate of measured) {
      // One that is gone is told so in the table; the others are measured on.
      if (!lives(candidate.pid)) continue
      progress(`round ${round} of ${rounds}: ${candidate.name}`)
      let before = cpuOf(candidate.pid)
      const got = await ask(candidate, ms, () => {
        before = cpuOf(candidate.pid)
      })
      candidate.failed += got.failed
      if (got.count === 0 || !lives(candidate.pid)) continue
      const cpu = ((cpuOf(candidate.pid) - before) / got.count) * 1e6
      candidate.rounds.push({ ...got, round, cpu, rss: rssOf(candidate.pid) })
    }
  }
  for (const candidate of measured) if (!lives(candidate.pid)) candidate.name += ' (process died)'
  return measured
}

/** The median over the rounds of one figure, with so many digits. */
export function of(candidate, key, digits) {
  if (candidate.rounds.length === 0) return '–'
  return median(candidate.rounds.map((round) => round[key])).toFixed(digits)
}

/** The median of what the figure is, round by round, over or beside that of another, with so many digits. */
export function against(candidate, other, key, digits, compare = (a, b) => a / b) {
  const values = candidate.rounds.flatMap((round) => {
    const beside = other?.rounds.find((one) => one.round === round.round)
    return beside === undefined ? [] : [compare(round[key], beside[key])]
  })
  return values.length === 0 ? '–' : median(values).toFixed(digits)
}

/** The usual table: CPU first, beside the first candidate and beside nginx with Lua. */
export function table(measured) {
  const lua = measured.find(({ name }) => name === 'nginx with Lua')
  return tableBeside('proxy', measured, { '× Gibbon': measured[0], '× nginx with Lua': lua })
}

/** A table of candidates of a kind, CPU first; `beside` has those they are compared with, by heading. */
export function tableBeside(kind, measured, beside) {
  const others = Object.values(beside)
  return markdown(
    [
      kind,
      'CPU µs a request',
      ...Object.keys(beside),
      'requests/s',
      'p50 ms',
      'p99 ms',
      'memory MiB',
      'failed',
    ],
    measured.map((one) => [
      one.name,
      of(one, 'cpu', 1),
      ...others.map((other) => against(one, other, 'cpu', 2)),
      of(one, 'rps', 0),
      of(one, 'p50', 2),
      of(one, 'p99', 2),
      of(one, 'rss', 0),
      one.failed,
    ]),
  )
}

/** A markdown table. */
export function markdown(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

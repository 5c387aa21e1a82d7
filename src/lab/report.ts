import { formatDuration } from './duration.ts'
import type { PeriodFigures } from './figures.ts'
import { type GroupFigures, groupsOf } from './groups.ts'
import type { Comparison } from './simulate.ts'

/** One algorithm's figures of one period. */
interface Line {
  readonly algorithm: string
  readonly figures: PeriodFigures
}

/** A comparison as tables to read: of the whole, then of each phase. */
export function reportText({ scenario, results }: Comparison): string {
  const { title, duration, seed, phases } = scenario
  const whole = results.map(({ algorithm, whole: figures }) => ({ algorithm, figures }))
  const parts = phases.map(({ name, from, to }, i) => {
    const lines = results.flatMap(({ algorithm, phases: all }) => {
      const figures = all[i]
      return figures === undefined ? [] : [{ algorithm, figures }]
    })
    return `${name}, ${formatDuration(from)} to ${formatDuration(to)}\n\n${tablesOf(lines)}`
  })
  const told = `${title}\n${formatDuration(duration)} of simulated time, seed ${seed}\n`
  return [`${told}\n${tablesOf(whole)}`, ...parts].join('\n')
}

function tablesOf(lines: readonly Line[]): string {
  return `${table(latencyRows(lines))}\n${table(shareRows(lines))}`
}

function latencyRows(lines: readonly Line[]): string[][] {
  return [
    ['', 'requests', 'p50', 'p90', 'p99', 'max', 'failed', 'retries', 'fairness'],
    ...lines.map(({ algorithm, figures: { requests, latency, failed, retries, fairness } }) => [
      algorithm,
      wholeNumber(requests),
      ...[latency?.p50, latency?.p90, latency?.p99, latency?.max].map((value) =>
        value === undefined ? NOTHING : formatDuration(value),
      ),
      wholeNumber(failed),
      wholeNumber(retries),
      fairness === undefined ? NOTHING : fairness.toFixed(3),
    ]),
  ]
}

const NOTHING = '-'

/** Each group of targets, with its share for every algorithm, and how busy it was. */
function shareRows(lines: readonly Line[]): string[][] {
  const columns = lines.map(({ figures }) => groupsOf(figures.targets))
  const all = columns.flat()
  const told = {
    busy: all.some(({ utilisation }) => utilisation !== undefined),
    hits: all.some(({ hits }) => hits !== undefined),
  }
  const rows = (columns[0] ?? []).map(({ name, count }, row) => [
    count === 1 ? name : `${name} (${count})`,
    ...columns.map((groups) => groupText(groups[row], told)),
  ])
  const head = `share${told.busy ? ', busy' : ''}${told.hits ? ', from cache' : ''}`
  return [[head, ...lines.map(({ algorithm }) => algorithm)], ...rows]
}

function groupText(
  group: GroupFigures | undefined,
  { busy, hits }: { readonly busy: boolean; readonly hits: boolean },
): string {
  if (group === undefined) return NOTHING
  const parts = [`${(group.share * 100).toFixed(1)} %`]
  if (busy) parts.push(percent(group.utilisation))
  if (hits) parts.push(percent(group.hits))
  return parts.join('  ')
}

function percent(part: number | undefined): string {
  return (part === undefined ? NOTHING : `${(part * 100).toFixed(0)} %`).padStart(5)
}

/** Columns two spaces apart, the first to the left, the others to the right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length)
  }
  const lineOf = (row: readonly string[]) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd()
  return rows.map((row) => `${lineOf(row)}\n`).join('')
}

function wholeNumber(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

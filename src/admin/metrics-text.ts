/** Labels by name, in the order they are written. */
export type Labels = Readonly<Record<string, string | number>>

/** One value of a metric. */
export interface Sample {
  readonly labels: Labels
  readonly value: number
}

/** One histogram of a metric; the last count is of those above all bounds. */
export interface HistogramSample {
  readonly labels: Labels
  readonly bounds: readonly number[]
  readonly counts: ArrayLike<number>
  readonly sum: number
}

/** A metric with all its values. */
export type Metric = { readonly name: string; readonly help: string } & (
  | { readonly type: 'gauge' | 'counter'; readonly samples: readonly Sample[] }
  | { readonly type: 'histogram'; readonly samples: readonly HistogramSample[] }
)

/** The metrics in Prometheus' text format 0.0.4; those without a value are left out. */
export function metricsText(metrics: readonly Metric[]): string {
  const lines: string[] = []
  for (const metric of metrics) {
    if (metric.samples.length === 0) continue
    const { name, help, type } = metric
    lines.push(`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`)
    if (metric.type === 'histogram') {
      for (const sample of metric.samples) pushHistogram(lines, name, sample)
    } else {
      for (const { labels, value } of metric.samples) {
        lines.push(`${name}${labelsText(labels)} ${numberText(value)}`)
      }
    }
  }
  return lines.map((line) => `${line}\n`).join('')
}

/** Buckets count all up to their bound. */
function pushHistogram(lines: string[], name: string, sample: HistogramSample): void {
  const { labels, bounds, counts, sum } = sample
  let total = 0
  for (let i = 0; i <= bounds.length; i++) {
    total += counts[i] ?? 0
    const le = i < bounds.length ? numberText(bounds[i] ?? 0) : '+Inf'
    lines.push(`${name}_bucket${labelsText({ ...labels, le })} ${numberText(total)}`)
  }
  lines.push(`${name}_sum${labelsText(labels)} ${numberText(sum)}`)
  lines.push(`${name}_count${labelsText(labels)} ${numberText(total)}`)
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escapeLabel(String(value))}"`,
  )
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"')
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value)
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
}

/** A metric as a strict reader finds it. */
export interface ReadMetric {
  readonly type: string
  readonly help: string
  readonly samples: readonly {
    readonly name: string
    readonly labels: Readonly<Record<string, string>>
    readonly value: number
  }[]
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const HELP = new RegExp(`^# HELP (${NAME}) (.*)$`)
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`)
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\+Inf|NaN|-?[0-9.e+-]+)$`)
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/

/** Reads Prometheus' text format 0.0.4; throws for whatever the format does not allow. */
export function readMetrics(text: string): ReadonlyMap<string, ReadMetric> {
  if (!text.endsWith('\n')) throw new Error('The last line does not end')
  const metrics = new Map<string, { type: string; help: string; samples: Sample[] }>()
  const lines = text.slice(0, -1).split('\n')
  for (let i = 0; i < lines.length; ) {
    const [, name = '', help = ''] = HELP.exec(lines[i++] ?? '') ?? fail(lines[i - 1])
    const [, typed, type = ''] = TYPE.exec(lines[i++] ?? '') ?? fail(lines[i - 1])
    if (typed !== name || metrics.has(name)) fail(name)
    const samples: Sample[] = []
    while (i < lines.length && lines[i]?.startsWith('#') === false) {
      const sample = readSample(lines[i++] ?? '')
      if (ownerOf(sample.name, type) !== name) fail(sample.name)
      samples.push(sample)
    }
    const keys = samples.map(({ name: own, labels }) => own + JSON.stringify(labels))
    if (new Set(keys).size !== keys.length) fail(`${name} says something twice`)
    if (type === 'histogram') checkHistogram(samples)
    metrics.set(name, { type, help, samples })
  }
  return metrics
}

type Sample = ReadMetric['samples'][number]

function fail(line: string | undefined): never {
  throw new Error(`Cannot read ${line}`)
}

function readSample(line: string): Sample {
  const [, name = '', inner, value = ''] = SAMPLE.exec(line) ?? fail(line)
  const labels: Record<string, string> = {}
  for (let rest = inner ?? ''; rest !== ''; ) {
    const [whole, label = '', escaped = ''] = LABEL.exec(rest) ?? fail(line)
    if (Object.hasOwn(labels, label)) fail(line)
    labels[label] = escaped.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char))
    rest = rest.slice(whole.length)
  }
  const number = value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value)
  if (Number.isNaN(number) && value !== 'NaN') fail(line)
  return { name, labels, value: number }
}

function ownerOf(name: string, type: string): string {
  return type === 'histogram' ? name.replace(/_(bucket|sum|count)$/, '') : name
}

/** Buckets grow up to `+Inf`, which is the count. */
function checkHistogram(samples: readonly Sample[]): void {
  let bound = Number.NEGATIVE_INFINITY
  let total = 0
  for (const { name, labels, value } of samples) {
    if (name.endsWith('_bucket')) {
      const le = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le)
      if (!(le > bound) || value < total) fail(`${name} le=${labels.le}`)
      bound = le
      total = value
    } else if (name.endsWith('_count')) {
      if (bound !== Number.POSITIVE_INFINITY || value !== total) fail(name)
      bound = Number.NEGATIVE_INFINITY
      total = 0
    }
  }
}

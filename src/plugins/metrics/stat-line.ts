/** StatsD's letters for kinds of values. */
export const STAT_KINDS = {
  gauge: 'g',
  counter: 'c',
  timer: 'ms',
  histogram: 'h',
  meter: 'm',
  set: 's',
  distribution: 'd',
} as const

/** Ways to write tags into a line. */
export type TagStyle = 'dogstatsd' | 'influxdb' | 'librato' | 'signalfx'

/** A value of a metric. */
export interface Stat {
  readonly name: string
  readonly value: string | number
  readonly kind: keyof typeof STAT_KINDS
  /** Told to the server; every value is sent. */
  readonly sampleRate?: number | null
  /** Names and values, or words that stand alone; absent for none. */
  readonly tags?: readonly (readonly (string | number)[])[] | undefined
}

/** A value as the server reads it; without a style tags are left out. No name can begin a line. */
export function statLine(stat: Stat, style?: TagStyle): string {
  const line = written(stat, style)
  return line.includes('\n') ? line.replaceAll('\n', '_') : line
}

function written({ name, value, kind, sampleRate, tags }: Stat, style?: TagStyle): string {
  const rate = sampleRate === undefined || sampleRate === null || sampleRate === 1
  const end = `${value}|${STAT_KINDS[kind]}${rate ? '' : `|@${sampleRate}`}`
  if (style === undefined || tags === undefined) return `${name}:${end}`
  const joined = (between: string) => tags.map((pair) => pair.join(between)).join(',')
  if (style === 'dogstatsd') return `${name}:${end}|#${joined(':')}`
  if (style === 'influxdb') return `${name},${joined('=')}:${end}`
  if (style === 'librato') return `${name}#${joined('=')}:${end}`
  return `${name}[${joined('=')}]:${end}`
}

/** Lines joined to packets of so many bytes at most; a longer line has a packet of its own. */
export function packetsOf(lines: readonly string[], size: number): string[] {
  const packets: string[] = []
  let length = 0
  for (const line of lines) {
    const bytes = encoder.encode(line).length
    const last = packets.length - 1
    if (last >= 0 && length + 1 + bytes <= size) {
      packets[last] += `\n${line}`
      length += 1 + bytes
    } else {
      packets.push(line)
      length = bytes
    }
  }
  return packets
}

const encoder = new TextEncoder()

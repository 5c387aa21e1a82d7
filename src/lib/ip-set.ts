import { type Ip, type IpRange, parseIpRange } from './ip.ts'

/** Many ranges of addresses, asked at once. */
export interface IpSet {
  /** Whether the address lies in any of them. */
  has(ip: Ip): boolean
}

/** Networks of one length, by the text of their bits. */
interface Networks {
  readonly version: IpRange['version']
  readonly bits: number
  readonly known: Set<string>
}

/** Prepares ranges so that an answer takes one look-up for each length of prefix; what is none is left out. */
export function createIpSet(ranges: readonly string[]): IpSet {
  const groups = new Map<string, Networks>()
  for (const text of ranges) {
    const range = parseIpRange(text)
    if (range === undefined) continue
    const { version, bits } = range
    const name = `${version}/${bits}`
    const group = groups.get(name) ?? { version, bits, known: new Set() }
    groups.set(name, group)
    group.known.add(networkOf(range.bytes, bits))
  }
  const networks = [...groups.values()]
  return {
    has: ({ version, bytes }) =>
      networks.some(
        (group) => group.version === version && group.known.has(networkOf(bytes, group.bits)),
      ),
  }
}

/** The first bits, as a text of one char a byte. */
function networkOf(bytes: readonly number[], bits: number): string {
  const whole = bits >> 3
  let text = ''
  for (let i = 0; i < whole; i++) text += String.fromCharCode(bytes[i] ?? 0)
  const rest = bits & 7
  if (rest === 0) return text
  const mask = (0xff << (8 - rest)) & 0xff
  return text + String.fromCharCode((bytes[whole] ?? 0) & mask)
}

/** An address as its bytes: 4 of them or 16. An IPv4-mapped IPv6 address is the IPv4 one. */
export interface Ip {
  readonly version: 4 | 6
  readonly bytes: readonly number[]
}

/** The addresses that share their first `bits` bits with `bytes`; version 0: no address, `unix:`. */
export interface IpRange {
  readonly version: 0 | Ip['version']
  readonly bytes: readonly number[]
  readonly bits: number
}

/** Reads an address; undefined when the text is none. */
export function parseIp(text: string): Ip | undefined {
  const four = parseIpv4(text)
  if (four !== undefined) return { version: 4, bytes: four }

  const six = parseIpv6(text)
  if (six === undefined) return undefined
  return isMapped(six) ? { version: 4, bytes: six.slice(12) } : { version: 6, bytes: six }
}

/** Whether the text is four octets; leading zeros count as decimal, as in Kong (`010` is 10). */
export function isIpv4(text: string): boolean {
  return parseIpv4(text) !== undefined
}

/** Whether the text is an IPv6 address, brackets allowed, zone names not. */
export function isIpv6(text: string): boolean {
  return parseIpv6(withoutBrackets(text)) !== undefined
}

/** Writes all eight groups of an IPv6 address with four digits each; other text comes back as is. */
export function expandIpv6(text: string): string {
  const bytes = parseIpv6(withoutBrackets(text))
  if (bytes === undefined) return text

  const groups: string[] = []
  for (let i = 0; i < 16; i += 2) groups.push(hexOf(bytes, i))
  return groups.join(':')
}

/** Whoever comes by a socket in the file system; nginx calls them so. */
export const UNIX_PEERS: IpRange = { version: 0, bytes: [], bits: 0 }

/** Reads `address` or `address/bits`; undefined when it is neither. */
export function parseIpRange(text: string): IpRange | undefined {
  const slash = text.indexOf('/')
  const address = slash < 0 ? text : text.slice(0, slash)
  const ip = parseIp(address)
  if (ip === undefined) return undefined

  const most = address.includes(':') ? 128 : 32
  const bits = slash < 0 ? most : parseDecimal(text.slice(slash + 1), 3)
  if (bits === undefined || bits > most) return undefined
  if (ip.version === 6 || most === 32) return { ...ip, bits }

  // A mapped range of less than 96 bits would reach outside of IPv4.
  return bits < 96 ? { version: 6, bytes: mapped(ip.bytes), bits } : { ...ip, bits: bits - 96 }
}

/** Whether the address lies in the range; text that is no address lies in none but `unix:`. */
export function inRange(range: IpRange, ip: string): boolean {
  if (range.version === 0) return ip === 'unix:'
  const parsed = parseIp(ip)
  if (parsed === undefined || parsed.version !== range.version) return false

  const whole = range.bits >> 3
  for (let i = 0; i < whole; i++) if (parsed.bytes[i] !== range.bytes[i]) return false

  const rest = 8 - (range.bits & 7)
  if (rest === 8) return true
  return Number(parsed.bytes[whole]) >> rest === Number(range.bytes[whole]) >> rest
}

function parseIpv4(text: string): number[] | undefined {
  if (text.length < 7 || text.length > 15) return undefined
  const octets: number[] = []
  for (const part of text.split('.')) {
    const octet = parseDecimal(part, 3)
    if (octet === undefined || octet > 255) return undefined
    octets.push(octet)
  }
  return octets.length === 4 ? octets : undefined
}

function parseDecimal(text: string, digits: number): number | undefined {
  return text.length <= digits && /^\d+$/.test(text) ? Number(text) : undefined
}

function parseIpv6(text: string): number[] | undefined {
  if (text.length < 2 || text.length > 45 || !text.includes(':')) return undefined

  const gap = text.indexOf('::')
  if (gap < 0) {
    const bytes = parseGroups(text)
    return bytes?.length === 16 ? bytes : undefined
  }
  if (text.includes('::', gap + 1)) return undefined

  const head = gap === 0 ? [] : parseGroups(text.slice(0, gap), false)
  const tail = gap + 2 === text.length ? [] : parseGroups(text.slice(gap + 2))
  if (head === undefined || tail === undefined) return undefined
  const missing = 16 - head.length - tail.length
  return missing < 2 ? undefined : [...head, ...new Array<number>(missing).fill(0), ...tail]
}

/** Groups of hex digits; an IPv4 address may stand for the last two. */
function parseGroups(text: string, last = true): number[] | undefined {
  const bytes: number[] = []
  const groups = text.split(':')
  for (const [i, group] of groups.entries()) {
    if (last && i === groups.length - 1 && group.includes('.')) {
      const octets = parseIpv4(group)
      if (octets === undefined) return undefined
      bytes.push(...octets)
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(group)) return undefined
      const value = Number.parseInt(group, 16)
      bytes.push(value >> 8, value & 255)
    }
  }
  return bytes
}

function isMapped(bytes: readonly number[]): boolean {
  return bytes[10] === 255 && bytes[11] === 255 && bytes.slice(0, 10).every((byte) => byte === 0)
}

function mapped(octets: readonly number[]): number[] {
  return [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...octets]
}

function withoutBrackets(text: string): string {
  return text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text
}

function hexOf(bytes: readonly number[], at: number): string {
  return ((Number(bytes[at]) << 8) | Number(bytes[at + 1])).toString(16).padStart(4, '0')
}

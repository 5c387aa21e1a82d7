import { type IpRange, parseIpRange, UNIX_PEERS } from '../lib/ip.ts'
import { listOf } from './list.ts'
import type { TextOf } from './numbers.ts'

/** Reads `trusted_ips`: addresses, ranges and `unix:`. */
export function readTrustedIps(text: TextOf, errors: string[]): IpRange[] {
  return listOf(text('trusted_ips')).flatMap((item) => {
    const range = item === 'unix:' ? UNIX_PEERS : parseIpRange(item)
    if (range !== undefined) return [range]
    const form = "IPv4 or IPv6 address or CIDR block or 'unix:'"
    errors.push(`trusted_ips must be a comma separated list in the form of ${form}, got '${item}'`)
    return []
  })
}

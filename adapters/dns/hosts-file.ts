import { expandIpv6, parseIp } from '../../src/lib/ip.ts'

/** Reads a hosts file: the addresses of each lower-case name, in the file's order. */
export function parseHosts(text: string): ReadonlyMap<string, readonly string[]> {
  const hosts = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [said = ''] = line.split('#', 1)
    const [address = '', ...names] = said.trim().split(/\s+/)
    const ip = addressOf(address)
    if (ip === undefined) continue
    for (const name of names) {
      const known = hosts.get(name.toLowerCase())
      if (known === undefined) hosts.set(name.toLowerCase(), [ip])
      else if (!known.includes(ip)) known.push(ip)
    }
  }
  return hosts
}

/** In the one form that addresses have in answers, too. */
function addressOf(text: string): string | undefined {
  // Kong takes IPv6 in brackets, too.
  const [, inBrackets] = /^\[(.*:.*)\]$/.exec(text) ?? []
  const bare = inBrackets ?? text
  const ip = parseIp(bare)
  if (ip === undefined) return undefined
  return ip.version === 4 ? ip.bytes.join('.') : expandIpv6(bare)
}

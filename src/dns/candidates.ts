import { isIpv4 } from '../lib/ip.ts'
import type { MachineNames, RecordType } from '../ports/resolver.ts'

/** One query of a lookup. */
export interface Step {
  readonly name: string
  readonly type: RecordType
}

/** The form a host is kept under. A dot at its end stays: it says that the name is whole. */
export function canonicalHost(host: string): string {
  return host.toLowerCase()
}

/** Whether the host is no name to look up: an address, or this machine itself (RFC 6761). */
export function isLiteral(host: string): boolean {
  if (host.includes(':')) return true
  const last = host.charCodeAt(host.length - 1)
  if (last >= 0x30 && last <= 0x39) return isIpv4(host)
  return isLocalhost(host)
}

/** Whether the name is one of this machine's own, which no server is asked for. */
export function isLocalhost(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost')
}

/** The whole names a host may stand for, the likeliest first, as the system's own resolver has it. */
export function candidates(host: string, machine: MachineNames | undefined): string[] {
  if (host.endsWith('.')) return [host.slice(0, -1)]
  if (machine === undefined) return [host]
  const searched = machine.search.map((domain) => `${host}.${domain}`)
  const dots = host.split('.').length - 1
  return dots >= machine.ndots ? [host, ...searched] : [...searched, host]
}

/** All that may be asked for a host, in order; what was found last time comes first. */
export function stepsOf(
  names: readonly string[],
  order: readonly RecordType[],
  last: Step | undefined,
): Step[] {
  const steps = names.flatMap((name) => order.map((type): Step => ({ name, type })))
  if (last === undefined) return steps
  const others = steps.filter(({ name, type }) => name !== last.name || type !== last.type)
  return [last, ...others]
}

import { isIpv4, isIpv6 } from '../lib/ip.ts'
import type { RecordType } from '../ports/resolver.ts'
import { listOf } from './list.ts'

/** How long answers of each kind hold, in milliseconds; Kong's settings. */
export interface NameTimes {
  /** In place of the records' own; undefined for those. */
  readonly validTtl: number | undefined
  /** How long after their end addresses are used while they are asked for again. */
  readonly staleTtl: number
  readonly notFoundTtl: number
  readonly errorTtl: number
}

/** What a person may choose of names; Kong's settings. */
export interface DnsSettings extends NameTimes {
  /** What is asked for, in this order; the first type that has records counts. */
  readonly order: readonly RecordType[]
  /** Whether what was found last time is asked for first. */
  readonly lastFirst: boolean
}

/** Kong's defaults. */
export const DEFAULT_DNS: DnsSettings = {
  order: ['SRV', 'A', 'CNAME'],
  lastFirst: true,
  validTtl: undefined,
  staleTtl: 3_600_000,
  notFoundTtl: 30_000,
  errorTtl: 1_000,
}

const TYPES: readonly string[] = ['A', 'AAAA', 'SRV', 'CNAME'] satisfies RecordType[]

/** Reads the settings of names, with every error. */
export function readDns(text: (name: string) => string, errors: string[]): DnsSettings {
  const order = listOf(text('dns_order').toUpperCase())
  const isType = (item: string): item is RecordType => TYPES.includes(item)
  for (const item of order) {
    if (item !== 'LAST' && !isType(item)) {
      errors.push(`dns_order: invalid entry '${item}'`)
    }
  }
  checkServers(listOf(text('dns_resolver')), errors)
  const types = order.filter(isType)
  if (types.length === 0) errors.push('dns_order: it names no record type to ask for')
  const milliseconds = (name: string): number => {
    const value = text(name)
    if (!/^\d+(\.\d+)?$/.test(value)) errors.push(`${name}: "${value}" is not a number`)
    return Number(value) * 1000
  }
  return {
    order: types,
    lastFirst: order.includes('LAST'),
    validTtl: text('dns_valid_ttl') === '' ? undefined : milliseconds('dns_valid_ttl'),
    staleTtl: milliseconds('dns_stale_ttl'),
    notFoundTtl: milliseconds('dns_not_found_ttl'),
    errorTtl: milliseconds('dns_error_ttl'),
  }
}

/** In Kong's words. */
function checkServers(servers: readonly string[], errors: string[]): void {
  if (servers.every(isServer)) return
  const form = 'must be a comma separated list in the form of IPv4/6 or IPv4/6:port'
  errors.push(`dns_resolver ${form}, got '${servers.join(',')}'`)
}

function isServer(text: string): boolean {
  const [, inBrackets, plain = '', port = '53'] =
    /^(?:\[(.*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(text) ?? []
  if (Number(port) < 1 || Number(port) > 65535) return false
  return isIpv4(plain) || isIpv6(withoutZone(inBrackets ?? text))
}

/** A link's own addresses say which link they mean. */
function withoutZone(text: string): string {
  return text.replace(/%[^%]*$/, '')
}

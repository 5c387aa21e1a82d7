import type { AcmeConfig } from './config.ts'

const IPV4 = /^\d+\.\d+\.\d+\.\d+$/

/** Whether a host is in the list: named whole, or by a `*.` before its end. */
export function domainMatcher(domains: readonly string[] | null): (host: string) => boolean {
  const listed = domains ?? []
  const names = new Set(listed.filter((domain) => !domain.startsWith('*')))
  const ends = listed.filter((domain) => domain.startsWith('*')).map((domain) => domain.slice(1))
  return (host) => names.has(host) || ends.some((end) => host.endsWith(end))
}

/** Whether certificates are made for a host. */
export function hostCheck(config: AcmeConfig): (host: string) => boolean {
  const isListed = domainMatcher(config.domains)
  return (host) => {
    if (host === '' || (config.enable_ipv4_common_name === false && IPV4.test(host))) return false
    return config.allow_any_domain === true || isListed(host)
  }
}

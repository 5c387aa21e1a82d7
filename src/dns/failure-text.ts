import type { LookupFailure } from '../ports/resolver.ts'

// Kong: what its DNS client says; the numbers are the protocol's.
const TEXTS: Readonly<Record<LookupFailure, string>> = {
  nxdomain: 'dns server error: 3 name error',
  empty: 'dns client error: 101 empty record received',
  refused: 'dns server error: 5 refused',
  servfail: 'dns server error: 2 server failure',
  timeout: 'timeout',
}

/** Says in Kong's words why a name has no address. */
export function failureText(reason: LookupFailure): string {
  return TEXTS[reason]
}

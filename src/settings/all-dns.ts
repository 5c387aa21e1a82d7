import type { Setting } from './all.ts'

/** What may be chosen about names. */
export const DNS_SETTINGS: readonly Setting[] = [
  {
    name: 'dns_resolver',
    fallback: '',
    about: "Name servers as a list of address[:port]; the machine's own when empty",
  },
  {
    name: 'dns_doh_url',
    fallback: '',
    about: 'Ask for names over HTTPS at this URL; on Workers the only way to SRV records',
    ours: true,
  },
  {
    name: 'dns_hostsfile',
    fallback: '/etc/hosts',
    about: 'File of names that are looked for there first',
  },
  {
    name: 'dns_order',
    fallback: 'LAST,SRV,A,CNAME',
    about: 'Record types to ask for, in order: LAST (what was found before), SRV, A, AAAA, CNAME',
  },
  {
    name: 'dns_valid_ttl',
    fallback: '',
    about: 'Seconds a found name holds, in place of its TTL',
  },
  {
    name: 'dns_stale_ttl',
    fallback: '3600',
    about: 'Seconds a name is used past its TTL while it is looked up again',
  },
  {
    name: 'dns_not_found_ttl',
    fallback: '30',
    about: 'Seconds before a name that was not found is looked up again',
  },
  {
    name: 'dns_error_ttl',
    fallback: '1',
    about: 'Seconds before a failed lookup is tried again',
  },
  {
    name: 'dns_no_sync',
    fallback: 'off',
    about: 'Lookups of one name always share one query; cannot be switched on',
    oneOf: ['off'],
  },
]

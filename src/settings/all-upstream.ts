import type { Setting } from './all.ts'

/** What may be chosen about connections of our own: to upstreams, beside the balancer's, and to others. */
export const UPSTREAM_SETTINGS: readonly Setting[] = [
  {
    name: 'lua_ssl_trusted_certificate',
    fallback: 'system',
    about:
      "Authorities that plugins trust where they verify a server: PEM files or their texts, and system for the runtime's own; a list",
  },
  {
    name: 'client_ssl',
    fallback: 'off',
    about:
      'Show a certificate to upstreams that ask for one, where neither service nor upstream has its own',
    oneOf: ['on', 'off'],
  },
  {
    name: 'client_ssl_cert',
    fallback: '',
    about: 'PEM file of that certificate, or its text; one is made when empty',
  },
  {
    name: 'client_ssl_cert_key',
    fallback: '',
    about: 'PEM file of its private key, or its text',
    secret: true,
  },
  {
    name: 'upstream_keepalive_pool_size',
    fallback: '512',
    about: 'Idle connections kept of each upstream address; 0 to use none twice',
  },
  {
    name: 'upstream_keepalive_max_requests',
    fallback: '10000',
    about: 'Requests one connection to an upstream serves; 0 for no limit',
  },
  {
    name: 'upstream_keepalive_idle_timeout',
    fallback: '60',
    about: 'Seconds a connection to an upstream may be idle; 0 for no limit',
  },
]

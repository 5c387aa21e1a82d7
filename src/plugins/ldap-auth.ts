import { port } from '../entities/fields.ts'
import { checkHost } from '../entities/texts.ts'
import { definePlugin } from '../pdk/plugin.ts'

/** Authenticates by a bind to an LDAP directory. */
export const ldapAuth = definePlugin({
  name: 'ldap-auth',
  priority: 1200,
  unscoped: ['consumer'],
  config: {
    type: 'record',
    required: true,
    fields: {
      ldap_host: { type: 'string', required: true, check: checkHost },
      ldap_port: { ...port, required: true, default: 389 },
      ldaps: { type: 'boolean', required: true, default: false },
      start_tls: { type: 'boolean', required: true, default: false },
      verify_ldap_host: { type: 'boolean', required: true, default: false },
      base_dn: { type: 'string', required: true },
      attribute: { type: 'string', required: true },
      cache_ttl: { type: 'number', required: true, default: 60 },
      hide_credentials: { type: 'boolean', required: true, default: false },
      timeout: { type: 'number', default: 10000 },
      keepalive: { type: 'number', default: 60000 },
      anonymous: { type: 'string' },
      header_type: { type: 'string', default: 'ldap' },
      realm: { type: 'string', required: false },
    },
    entity_checks: [
      {
        conditional: {
          if_field: 'ldaps',
          if_match: { eq: true },
          then_field: 'start_tls',
          then_match: { eq: false },
          then_err: "'ldaps' and 'start_tls' cannot be enabled simultaneously",
        },
      },
    ],
  },
})

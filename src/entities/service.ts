import { defineEntity, type EntityOf, type Input } from '../schema/entity.ts'
import {
  autoTimestamp,
  certificate,
  id,
  name,
  PROTOCOLS,
  path,
  port,
  tags,
  timeout,
} from './fields.ts'
import { checkHost } from './texts.ts'

const TLS_FIELDS = ['client_certificate', 'tls_verify', 'tls_verify_depth', 'ca_certificates']

/** Where requests are proxied to. */
export const service = defineEntity({
  name: 'services',
  endpointKey: 'name',
  fields: {
    id,
    created_at: autoTimestamp,
    updated_at: autoTimestamp,
    name,
    retries: { type: 'integer', default: 5, between: [0, 32767] },
    protocol: { type: 'string', required: true, default: 'http', one_of: PROTOCOLS },
    host: { type: 'string', required: true, check: checkHost },
    port: { ...port, required: true, default: 80 },
    path,
    connect_timeout: timeout,
    write_timeout: timeout,
    read_timeout: timeout,
    tags,
    client_certificate: certificate,
    tls_verify: { type: 'boolean' },
    tls_verify_depth: { type: 'integer', default: null, between: [0, 64] },
    ca_certificates: { type: 'array', elements: { type: 'string', uuid: true } },
    enabled: { type: 'boolean', required: true, default: true },
  },
  entityChecks: [
    {
      conditional: {
        if_field: 'protocol',
        if_match: { one_of: ['tcp', 'tls', 'udp', 'grpc', 'grpcs'] },
        then_field: 'path',
        then_match: { eq: null },
      },
    },
    ...TLS_FIELDS.map((then_field) => ({
      conditional: {
        if_field: 'protocol',
        if_match: { not_one_of: ['https', 'tls'] },
        then_field,
        then_match: { eq: null },
      },
    })),
  ],
  shorthands: { url: { field: { type: 'string' }, expand: (value) => readUrl(value) } },
})

/** A service as stored. */
export type Service = EntityOf<typeof service>

/** Kong: a URL overrides the fields it stands for; null takes all of them away. */
function readUrl(value: unknown): Input {
  if (typeof value !== 'string') return { protocol: null, host: null, port: null, path: null }

  const [, scheme, authority = '', rest = ''] =
    /^(?:([A-Za-z0-9][\w+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)/.exec(value) ?? []
  const { host, port } = splitAuthority(authority)
  const protocol = scheme ?? (port === 443 ? 'https' : 'http')
  return {
    protocol,
    host: host === '' ? null : host,
    port: port ?? (protocol === 'https' ? 443 : 80),
    path: rest === '' ? null : rest,
  }
}

/** A port that is no number stays text, which the field's check then names. */
function splitAuthority(authority: string): { host: string; port: number | string | undefined } {
  const address = authority.slice(authority.lastIndexOf('@') + 1)
  const [, host = '', digits = ''] = /^(\[[^\]]*\]|[^:]*):?(.*)$/.exec(address) ?? []
  const port = /^\d+$/.test(digits) ? Number(digits) : digits
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: port === '' ? undefined : port }
}

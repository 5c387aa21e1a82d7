import { port } from '../../entities/fields.ts'
import { checkHost } from '../../entities/texts.ts'
import type { ShorthandField } from '../../schema/field.ts'
import { redisFields } from '../fields/redis.ts'

/** The names that were there before the record looked like everyone's. */
const legacyRedisFields: Readonly<Record<string, ShorthandField>> = {
  auth: { type: 'string', len_min: 0, deprecation: replaced('auth', 'password') },
  ssl_server_name: { type: 'string', deprecation: replaced('ssl_server_name', 'server_name') },
  namespace: {
    type: 'string',
    len_min: 0,
    deprecation: replaced('namespace', 'extra_options', 'namespace'),
  },
  scan_count: {
    type: 'integer',
    deprecation: replaced('scan_count', 'extra_options', 'scan_count'),
  },
}

const redis = {
  type: 'record',
  required: true,
  shorthand_fields: legacyRedisFields,
  fields: {
    ...redisFields,
    extra_options: {
      type: 'record',
      required: true,
      fields: {
        namespace: {
          type: 'string',
          required: true,
          default: '',
          len_min: 0,
          check: checkNamespace,
        },
        scan_count: { type: 'number', required: false, default: 10 },
      },
    },
  },
} as const

const server = {
  https: { type: 'boolean', default: false },
  host: { type: 'string', check: checkHost },
  port,
  kv_path: { type: 'string' },
  timeout: { type: 'number' },
  token: { type: 'string', referenceable: true },
} as const

/** What each storage of certificates has to be told. */
export const acmeStorageConfig = {
  type: 'record',
  required: true,
  fields: {
    shm: {
      type: 'record',
      required: true,
      fields: { shm_name: { type: 'string', default: 'kong' } },
    },
    kong: { type: 'record', required: true, fields: {} },
    redis,
    consul: { type: 'record', required: true, fields: server },
    vault: {
      type: 'record',
      required: true,
      fields: {
        ...server,
        tls_verify: { type: 'boolean', default: true },
        tls_server_name: { type: 'string' },
        auth_method: { type: 'string', default: 'token', one_of: ['token', 'kubernetes'] },
        auth_path: { type: 'string' },
        auth_role: { type: 'string' },
        jwt_path: { type: 'string' },
      },
    },
  },
} as const

/** Kong's own entries in the same Redis start with these. */
const RESERVED = ['kong_acme:renew_config:', 'kong_acme:renew_last_run', 'kong_acme:cert_key:']

function checkNamespace(namespace: string): string | undefined {
  const taken = RESERVED.find((prefix) => namespace.startsWith(prefix))
  return taken === undefined
    ? undefined
    : `namespace can't be prefixed with reserved word: ${taken}`
}

function replaced(name: string, ...path: string[]) {
  const place = 'acme: config.storage_config.redis.'
  return {
    message: `${place}${name} is deprecated, please use config.storage_config.redis.${path.join('.')} instead`,
    removal_in_version: '4.0',
    replaced_with: [{ path }],
  }
}

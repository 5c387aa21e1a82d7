import { port } from '../../entities/fields.ts'
import { checkHost, checkSni } from '../../entities/texts.ts'
import type { EntityCheck, ShorthandField } from '../../schema/field.ts'
import { timeout } from './plain.ts'

/** Where a Redis is and how to reach it. */
export const redisFields = {
  host: { type: 'string', check: checkHost },
  port: { ...port, default: 6379 },
  timeout: timeout(2000),
  username: { type: 'string', referenceable: true },
  password: { type: 'string', len_min: 0, referenceable: true, encrypted: true },
  database: { type: 'integer', default: 0 },
  ssl: { type: 'boolean', required: false, default: false },
  ssl_verify: { type: 'boolean', required: false, default: false },
  server_name: { type: 'string', required: false, check: checkSni },
} as const

export const redis = { type: 'record', required: true, fields: redisFields } as const

/** The policy `redis` needs a Redis. */
export const redisChecks: readonly EntityCheck[] = ['host', 'port', 'timeout'].map((name) => ({
  conditional: {
    if_field: 'config.policy',
    if_match: { eq: 'redis' },
    then_field: `config.redis.${name}`,
    then_match: { required: true },
  },
}))

/** The flat names that stood for the members of `redis`. */
export function redisShorthands(plugin: string): Readonly<Record<string, ShorthandField>> {
  const replaced = (name: string) => ({
    message: `${plugin}: config.redis_${name} is deprecated, please use config.redis.${name} instead`,
    removal_in_version: '4.0',
    replaced_with: [{ path: ['redis', name] }],
  })
  return {
    redis_host: { type: 'string', deprecation: replaced('host') },
    redis_port: { type: 'integer', deprecation: replaced('port') },
    redis_password: { type: 'string', len_min: 0, deprecation: replaced('password') },
    redis_username: { type: 'string', deprecation: replaced('username') },
    redis_ssl: { type: 'boolean', deprecation: replaced('ssl') },
    redis_ssl_verify: { type: 'boolean', deprecation: replaced('ssl_verify') },
    redis_server_name: { type: 'string', deprecation: replaced('server_name') },
    redis_timeout: { type: 'integer', deprecation: replaced('timeout') },
    redis_database: { type: 'integer', deprecation: replaced('database') },
  }
}

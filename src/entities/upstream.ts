import { checkValue } from '../schema/check-value.ts'
import { defineEntity, type EntityOf, type Input } from '../schema/entity.ts'
import { entityErrors } from '../schema/entity-error.ts'
import { hasErrors, noErrors } from '../schema/error-tree.ts'
import type { EntityCheck, Rules } from '../schema/field.ts'
import { parseAddress } from './address.ts'
import { autoTimestamp, certificate, id, name, path, tags } from './fields.ts'
import { healthchecks } from './healthchecks.ts'
import { checkCookieName, checkHeaderName, checkHostPort } from './texts.ts'

const HASH_INPUTS = [
  'none',
  'consumer',
  'ip',
  'header',
  'cookie',
  'path',
  'query_arg',
  'uri_capture',
] as const

const hashInput = { type: 'string', default: 'none', one_of: HASH_INPUTS } as const
const headerName = { type: 'string', check: checkHeaderName } as const
const nonEmpty = { type: 'string', len_min: 1 } as const

/** A virtual host with a balancer. */
export const upstream = defineEntity({
  name: 'upstreams',
  endpointKey: 'name',
  fields: {
    id,
    created_at: autoTimestamp,
    name: { ...name, required: true, check: checkUpstreamName },
    updated_at: autoTimestamp,
    algorithm: {
      type: 'string',
      default: 'round-robin',
      one_of: ['consistent-hashing', 'least-connections', 'round-robin', 'latency'],
    },
    hash_on: hashInput,
    hash_fallback: hashInput,
    hash_on_header: headerName,
    hash_fallback_header: headerName,
    hash_on_cookie: { type: 'string', check: checkCookieName },
    hash_on_cookie_path: { ...path, default: '/' },
    hash_on_query_arg: nonEmpty,
    hash_fallback_query_arg: nonEmpty,
    hash_on_uri_capture: nonEmpty,
    hash_fallback_uri_capture: nonEmpty,
    slots: { type: 'integer', default: 10000, between: [10, 65536] },
    healthchecks,
    tags,
    host_header: { type: 'string', check: checkHostPort },
    client_certificate: certificate,
    use_srv_name: { type: 'boolean', default: false },
  },
  entityChecks: [
    needs('hash_on', 'header', 'hash_on_header'),
    needs('hash_fallback', 'header', 'hash_fallback_header'),
    needs('hash_on', 'cookie', 'hash_on_cookie'),
    needs('hash_fallback', 'cookie', 'hash_on_cookie'),
    fallback('none', ['none']),
    fallback('cookie', ['none']),
    fallback('consumer', ['none', 'ip', 'header', 'cookie', 'path', 'query_arg', 'uri_capture']),
    fallback('ip', ['none', 'consumer', 'header', 'cookie', 'path', 'query_arg', 'uri_capture']),
    fallback('path', ['none', 'consumer', 'header', 'cookie', 'query_arg', 'ip', 'uri_capture']),
    { distinct: ['hash_on_header', 'hash_fallback_header'] },
    needs('hash_on', 'query_arg', 'hash_on_query_arg'),
    needs('hash_fallback', 'query_arg', 'hash_fallback_query_arg'),
    { distinct: ['hash_on_query_arg', 'hash_fallback_query_arg'] },
    needs('hash_on', 'uri_capture', 'hash_on_uri_capture'),
    needs('hash_fallback', 'uri_capture', 'hash_fallback_uri_capture'),
    { distinct: ['hash_on_uri_capture', 'hash_fallback_uri_capture'] },
  ],
  prepare: settleHashing,
  show: (row) => ({ ...row, ...shownHashing(row.algorithm, row.hash_on) }),
})

/** An upstream as read: `algorithm` and `hash_on` agree. */
export type Upstream = EntityOf<typeof upstream>

/** Kong: what one request says of hashing decides the algorithm, unless that one never hashes. */
function settleHashing(input: Input): Input {
  if (neverHashes(input.algorithm)) return { ...input, hash_on: 'none' }
  refuseNoTexts(input)
  if (input.hash_on === null) return { ...input, hash_on: 'none' }
  if (input.hash_on === undefined) return input
  // Kong: what was sent as the algorithm is not looked at then.
  const algorithm = input.hash_on === 'none' ? 'round-robin' : 'consistent-hashing'
  return { ...input, algorithm }
}

/** Kong: both are shorthands for both, and where one of them is no text nothing else is looked at. */
function refuseNoTexts(input: Input): void {
  const errors = noErrors()
  for (const name of ['algorithm', 'hash_on']) {
    const error = checkValue({ type: 'string' }, input[name])
    if (error !== undefined) errors[name] = error
  }
  if (hasErrors(errors)) throw entityErrors.schemaViolation(errors)
}

function shownHashing(algorithm: unknown, hashOn: unknown): Input {
  if (neverHashes(algorithm)) return { hash_on: 'none' }
  if (hashOn === 'none' || hashOn === null) return { algorithm: 'round-robin', hash_on: 'none' }
  return { algorithm: 'consistent-hashing' }
}

function neverHashes(algorithm: unknown): boolean {
  return algorithm === 'least-connections' || algorithm === 'latency'
}

function checkUpstreamName(text: string): string | undefined {
  const address = parseAddress(text)
  if (address.kind === 'invalid') return `Invalid name ('${text}'); must be a valid hostname`
  if (address.kind !== 'name') return `Invalid name ('${text}'); no ip addresses allowed`
  return address.port === undefined ? undefined : `Invalid name ('${text}'); no port allowed`
}

function needs(if_field: string, value: string, then_field: string): EntityCheck {
  return when(if_field, value, { then_field, then_match: { required: true } })
}

function fallback(hashOn: string, one_of: readonly string[]): EntityCheck {
  return when('hash_on', hashOn, { then_field: 'hash_fallback', then_match: { one_of } })
}

function when(
  if_field: string,
  value: string,
  then: { then_field: string; then_match: Rules },
): EntityCheck {
  return { conditional: { if_field, if_match: { match: `^${value}$` }, ...then } }
}

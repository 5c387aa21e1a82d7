import { defineEntity, type EntityOf } from '../schema/entity.ts'
import { entityErrors } from '../schema/entity-error.ts'
import { formatAddress, parseAddress } from './address.ts'
import { autoPreciseTimestamp, id, tags } from './fields.ts'

const DEFAULT_PORT = 8000
const INVALID = 'Invalid target; not a valid hostname or ip address'

/** One address in an upstream, with a weight. */
export const target = defineEntity({
  name: 'targets',
  endpointKey: 'target',
  lenientKey: true,
  nestedOnly: true,
  fields: {
    id,
    created_at: autoPreciseTimestamp,
    updated_at: autoPreciseTimestamp,
    upstream: { type: 'foreign', reference: 'upstreams', required: true, on_delete: 'cascade' },
    target: { type: 'string', required: true, check: checkTarget },
    weight: { type: 'integer', default: 100, between: [0, 65535] },
    tags,
  },
  uniqueTogether: [['upstream', 'target']],
  cacheKey: ['upstream', 'target'],
  // Kong: a POST stores the canonical text, and of one that is no address nothing else is looked at;
  // a PATCH or a file keeps it as typed.
  prepare: (input, mode) => {
    const text = input.target
    if (typeof text !== 'string' || !isAdded(mode)) return input
    if (checkTarget(text) !== undefined) throw entityErrors.schemaViolation({ target: INVALID })
    return { ...input, target: canonicalTarget(text) }
  },
  refuse: ({ weight }) => (weight === null ? { weight: 'required field missing' } : {}),
  show: (row) => ({ ...row, target: canonicalTarget(String(row.target)) }),
})

/** A target as read: its `target` is canonical. */
export type Target = EntityOf<typeof target>

/** The one text of an address: with its port, IPv4 without zeros, IPv6 whole and in brackets. */
export function canonicalTarget(text: string): string {
  const address = parseAddress(text)
  return address.kind === 'invalid' ? text : formatAddress(address, DEFAULT_PORT)
}

function checkTarget(text: string): string | undefined {
  if (parseAddress(text).kind !== 'invalid') return undefined
  return `Invalid target ('${text}'); not a valid hostname or ip address`
}

function isAdded(mode: string): boolean {
  return mode === 'insert' || mode === 'upsert'
}

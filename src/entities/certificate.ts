import { checkValue } from '../schema/check-value.ts'
import { defineEntity } from '../schema/entity.ts'
import { type EntityCheck, type Field, isObject } from '../schema/field.ts'
import { autoTimestamp, id, tags } from './fields.ts'
import {
  checkCertificate,
  checkDifferentKinds,
  checkKeyPair,
  checkPrivateKey,
  type KeyPair,
  provePairs,
} from './key-pair.ts'
import { checkWildcardSni } from './texts.ts'

const cert = { type: 'string', referenceable: true, check: checkCertificate } as const
const key = {
  type: 'string',
  referenceable: true,
  encrypted: true,
  check: checkPrivateKey,
} as const

const MAIN: KeyPair = { cert: 'cert', key: 'key', mismatch: 'certificate does not match key' }
const ALTERNATIVE: KeyPair = {
  cert: 'cert_alt',
  key: 'key_alt',
  mismatch: 'alternative certificate does not match key',
}

/** Names a request may send along; they become rows of `snis`, and the Admin room shows them again. */
const snis = {
  type: 'array',
  required: false,
  transient: true,
  elements: { type: 'string', check: checkWildcardSni },
} as const satisfies Field

/** A certificate with its private key, and maybe another pair of a different kind of key. */
export const certificate = defineEntity({
  name: 'certificates',
  fields: {
    id,
    created_at: autoTimestamp,
    updated_at: autoTimestamp,
    cert: { ...cert, required: true },
    key: { ...key, required: true },
    cert_alt: { ...cert, required: false },
    key_alt: { ...key, required: false },
    tags,
    snis,
  },
  entityChecks: [
    { mutually_required: ['cert_alt', 'key_alt'] },
    pairCheck(MAIN),
    pairCheck(ALTERNATIVE),
    {
      custom_entity_check: {
        field_sources: ['cert', 'cert_alt'],
        check: (row) => checkDifferentKinds(row.cert, row.cert_alt),
      },
    },
  ],
  // A row keeps none of them: their own rows do.
  prepare: ({ snis: _named, ...input }) => input,
  refuse: (sent) => {
    const error = isEmptyMap(sent.snis) ? undefined : checkValue(snis, sent.snis)
    return error === undefined ? {} : { snis: error }
  },
  finish: async (row) => {
    await provePairs([MAIN, ALTERNATIVE], row)
    return row
  },
})

/** What to Lua is an empty list, too. */
export function isEmptyMap(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0
}

function pairCheck(pair: KeyPair): EntityCheck {
  return {
    custom_entity_check: {
      field_sources: [pair.cert, pair.key],
      check: (row) => checkKeyPair(pair, row),
    },
  }
}

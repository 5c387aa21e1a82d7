import { defineEntity, type Row } from '../schema/entity.ts'
import { entityErrors } from '../schema/entity-error.ts'
import { isObject } from '../schema/field.ts'
import { isReference } from '../schema/reference.ts'
import { autoTimestamp, id, tags } from './fields.ts'
import { checkJwk, tryJwk } from './jwk.ts'
import { checkPem, tryPem } from './pem-keys.ts'

const secret = { type: 'string', encrypted: true, referenceable: true } as const

/** A key to sign, verify, encrypt or decrypt with, as a JWK or as PEM. */
export const key = defineEntity({
  name: 'keys',
  endpointKey: 'name',
  fields: {
    id,
    set: { type: 'foreign', reference: 'key_sets', required: false, on_delete: 'cascade' },
    name: { type: 'string', required: false, unique: true },
    kid: { type: 'string', required: true, unique: false },
    jwk: secret,
    pem: {
      type: 'record',
      required: false,
      fields: {
        private_key: { ...secret, required: false },
        public_key: { type: 'string', required: false, referenceable: true },
      },
      entity_checks: [{ at_least_one_of: ['private_key', 'public_key'] }],
      check: checkPem,
    },
    tags,
    created_at: autoTimestamp,
    updated_at: autoTimestamp,
  },
  entityChecks: [
    { mutually_exclusive: ['pem', 'jwk'] },
    { at_least_one_of: ['pem', 'jwk'] },
    {
      custom_entity_check: {
        field_sources: ['jwk', 'pem', 'kid'],
        check: ({ jwk, kid }) =>
          typeof jwk !== 'string' || isReference(jwk) ? undefined : checkJwk(jwk, kid),
      },
    },
  ],
  uniqueTogether: [['kid', 'set']],
  cacheKey: ['kid', 'set'],
  finish: load,
})

/** Kong: the keys are really loaded, not only looked at. */
async function load(row: Row): Promise<Row> {
  const { jwk, pem } = row
  if (typeof jwk === 'string' && !isReference(jwk)) {
    const error = await tryJwk(jwk)
    if (error !== undefined) throw entityErrors.schemaViolation({ '@entity': [error] })
  }
  const error = isObject(pem) ? await tryPem(pem) : undefined
  if (error !== undefined) throw entityErrors.schemaViolation({ pem: error })
  return row
}

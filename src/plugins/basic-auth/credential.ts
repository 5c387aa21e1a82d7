import { tags } from '../../entities/fields.ts'
import { toHex } from '../../lib/hex.ts'
import { sha1 } from '../../lib/sha1.ts'
import { defineEntity, type FinishContext, type Row } from '../../schema/entity.ts'
import { isObject } from '../../schema/field.ts'
import { ownedFields } from '../fields/credential.ts'
import { neededTogether } from '../fields/needed-together.ts'

/** A user name with its password, of which only a digest is kept. */
export const basicAuthCredential = defineEntity({
  name: 'basicauth_credentials',
  path: 'basic-auths',
  nestedPath: 'basic-auth',
  endpointKey: 'username',
  cacheKey: ['username'],
  fields: {
    ...ownedFields,
    username: { type: 'string', required: true, unique: true },
    password: { type: 'string', required: true, encrypted: true },
    tags,
  },
  refuse: ({ password }, mode, row) =>
    mode !== 'update' && isSet(password) && idOf(row.consumer) === undefined ? ALONE : NOTHING,
  finish: async (row, context) => {
    refuseHalves(context)
    return isSet(context.sent.password) ? { ...row, password: digestOf(row) } : row
  },
})

const NOTHING = {}
const ALONE = {
  '@entity': ["all or none of these fields must be set: 'password', 'consumer.id'"],
}

/** Kong: the digest covers the consumer too, so that neither changes without the other. */
function refuseHalves({ mode, sent, current }: FinishContext): void {
  if (mode !== 'update') return
  const owner = idOf(sent.consumer)
  const halved = isSet(sent.password)
    ? owner === undefined
    : owner !== undefined && owner !== idOf(current?.consumer)
  if (halved) throw neededTogether('password', 'consumer.id')
}

/** The form in Kong's databases: no secret well kept, yet what its exports hold. */
function digestOf({ password, consumer }: Row): string {
  return toHex(sha1(new TextEncoder().encode(`${password}${idOf(consumer) ?? ''}`)))
}

function idOf(reference: unknown): string | undefined {
  const id = isObject(reference) ? reference.id : undefined
  return typeof id === 'string' ? id : undefined
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null
}

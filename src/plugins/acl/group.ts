import { tags } from '../../entities/fields.ts'
import { defineEntity } from '../../schema/entity.ts'
import { ownedFields } from '../fields/credential.ts'

/** A consumer's membership of a group. */
export const aclGroup = defineEntity({
  name: 'acls',
  nestedKey: 'group',
  uniqueTogether: [['consumer', 'group']],
  cacheKey: ['consumer', 'group'],
  fields: { ...ownedFields, group: { type: 'string', required: true }, tags },
})

import { defineEntity } from '../schema/entity.ts'
import { autoTimestamp, certificate, id, tags } from './fields.ts'
import { checkWildcardSni } from './texts.ts'

/** A server name a certificate is shown for. */
export const sni = defineEntity({
  name: 'snis',
  endpointKey: 'name',
  fields: {
    id,
    name: {
      type: 'string',
      required: true,
      unique: true,
      unique_across_ws: true,
      check: checkWildcardSni,
    },
    created_at: autoTimestamp,
    updated_at: autoTimestamp,
    tags,
    certificate: { ...certificate, required: true },
  },
})

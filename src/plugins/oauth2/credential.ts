import { tags } from '../../entities/fields.ts'
import { defineEntity, type FinishContext } from '../../schema/entity.ts'
import { autoKey, ownedFields } from '../fields/credential.ts'
import { neededTogether } from '../fields/needed-together.ts'
import { checkUrl } from '../fields/url.ts'
import { hashSecret } from './secret-hash.ts'

/** An application that may ask for tokens in the name of its consumer. */
export const oauth2Credential = defineEntity({
  name: 'oauth2_credentials',
  path: 'oauth2',
  endpointKey: 'client_id',
  cacheKey: ['client_id'],
  fields: {
    ...ownedFields,
    name: { type: 'string', required: true },
    client_id: autoKey,
    client_secret: { type: 'string', required: false, auto: true, encrypted: true },
    hash_secret: { type: 'boolean', required: true, default: false },
    redirect_uris: {
      type: 'array',
      required: false,
      elements: { type: 'string', check: checkRedirect },
    },
    tags,
    client_type: {
      type: 'string',
      required: true,
      default: 'confidential',
      one_of: ['confidential', 'public'],
    },
  },
  finish: async (row, context) => {
    refuseHalves(context)
    if (context.sent.hash_secret !== true) return row
    return { ...row, client_secret: await hashSecret(String(row.client_secret)) }
  },
})

/** Kong: what was hashed, or was not, can be neither without being sent again. */
function refuseHalves({ mode, sent }: FinishContext): void {
  const [secret, hashed] = [sent.client_secret ?? null, sent.hash_secret ?? null]
  if (mode === 'update' && (secret === null) !== (hashed === null)) {
    throw neededTogether('hash_secret', 'client_secret')
  }
}

function checkRedirect(uri: string): string | undefined {
  if (checkUrl(uri) !== undefined) return `cannot parse '${uri}'`
  return uri.includes('#') ? `fragment not allowed in '${uri}'` : undefined
}

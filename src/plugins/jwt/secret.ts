import { tags } from '../../entities/fields.ts'
import { readSequence } from '../../lib/der.ts'
import { TOKEN_ALGORITHMS } from '../../lib/json-web-token.ts'
import { readPem } from '../../lib/pem.ts'
import { readPrivateKey } from '../../lib/private-key.ts'
import { readPublicKey, readRsa } from '../../lib/public-key.ts'
import { defineEntity } from '../../schema/entity.ts'
import { autoKey, ownedFields } from '../fields/credential.ts'

/** What tokens of a consumer are signed with, and how. */
export const jwtSecret = defineEntity({
  name: 'jwt_secrets',
  path: 'jwts',
  nestedPath: 'jwt',
  endpointKey: 'key',
  cacheKey: ['key'],
  fields: {
    ...ownedFields,
    key: autoKey,
    secret: { type: 'string', auto: true },
    rsa_public_key: { type: 'string' },
    algorithm: {
      type: 'string',
      default: 'HS256',
      one_of: TOKEN_ALGORITHMS,
    },
    tags,
  },
  entityChecks: [
    {
      conditional: {
        if_field: 'algorithm',
        if_match: {
          match_any: {
            patterns: ['^RS256$', '^RS384$', '^RS512$', '^PS256$', '^PS384$', '^PS512$', '^EdDSA$'],
          },
        },
        then_field: 'rsa_public_key',
        then_match: { required: true, check: checkKey },
      },
    },
  ],
})

/** Kong: a private key has its public half in it, and does as well. */
function checkKey(pem: string): string | undefined {
  const readable =
    readPem(pem).some(({ label, content }) => isPublicKey(label, content)) ||
    !('error' in readPrivateKey(pem))
  return readable ? undefined : 'invalid key'
}

function isPublicKey(label: string, content: Uint8Array): boolean {
  if (label === 'PUBLIC KEY') return readPublicKey(content) !== undefined
  return label === 'RSA PUBLIC KEY' && readRsa('RSA', readSequence(content)) !== undefined
}

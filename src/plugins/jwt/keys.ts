import { decodeBase64Url } from '../../lib/base64.ts'
import type { TokenAlgorithm } from '../../lib/json-web-token.ts'
import { pemVerifier, secretVerifier, type TokenVerifier } from '../../lib/token-verifier.ts'
import type { EntityOf } from '../../schema/entity.ts'
import type { jwtSecret } from './secret.ts'

/** A consumer's key, as stored. */
export type JwtSecret = EntityOf<typeof jwtSecret>

/** How tokens of a key are signed: its word, never the token's. */
export function algorithmOf({ algorithm }: JwtSecret): TokenAlgorithm {
  return algorithm ?? 'HS256'
}

/** Prepares each key once, for as long as it stays as it is. */
export function createKeys(
  isBase64: boolean,
): (secret: JwtSecret) => Promise<TokenVerifier | undefined> {
  const prepared = new WeakMap<JwtSecret, Promise<TokenVerifier | undefined>>()
  return (secret) => {
    const known = prepared.get(secret)
    if (known !== undefined) return known
    const made = prepare(secret, isBase64)
    prepared.set(secret, made)
    return made
  }
}

const encoder = new TextEncoder()

/** Kong (3.9): a public key is PEM as it is stored, whatever the secrets are. */
async function prepare(secret: JwtSecret, isBase64: boolean): Promise<TokenVerifier | undefined> {
  const algorithm = algorithmOf(secret)
  if (!algorithm.startsWith('HS')) {
    const pem = secret.rsa_public_key ?? ''
    return pem === '' ? undefined : pemVerifier(algorithm, pem)
  }
  const text = secret.secret ?? ''
  const bytes = isBase64 ? decodeBase64Url(text) : encoder.encode(text)
  if (bytes === undefined || bytes.length === 0) return undefined
  return secretVerifier(algorithm, bytes)
}

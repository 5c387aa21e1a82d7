import { decodeBase64Url, encodeBase64Url } from '../../lib/base64.ts'
import type { SigningKey } from '../../lib/signing-key.ts'

/** A message as RFC 8555 has it: signed, each part in base64 for URLs. */
export interface SignedMessage {
  readonly protected: string
  readonly payload: string
  readonly signature: string
}

const encoder = new TextEncoder()

/** Signs a message with an account's key; a payload of `undefined` only asks. */
export async function signMessage(
  key: SigningKey,
  head: Readonly<Record<string, unknown>>,
  payload: unknown,
): Promise<SignedMessage> {
  const parts = partsOf({ alg: key.kind === 'EC' ? 'ES256' : 'RS256', ...head }, payload)
  const bytes = encoder.encode(`${parts.protected}.${parts.payload}`)
  return { ...parts, signature: encodeBase64Url(await key.sign(bytes)) }
}

/** Says by a key the authority gave out that an account belongs to somebody it knows. */
export async function bindAccount(
  jwk: SigningKey['jwk'],
  { url, id, secret }: { readonly url: string; readonly id: string; readonly secret: string },
): Promise<SignedMessage> {
  const bytes = decodeBase64Url(secret)
  if (bytes === undefined || bytes.length === 0) throw new Error('eab_hmac_key is no base64url')
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign'])
  const parts = partsOf({ alg: 'HS256', kid: id, url }, jwk)
  const signed = encoder.encode(`${parts.protected}.${parts.payload}`)
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, signed))
  return { ...parts, signature: encodeBase64Url(signature) }
}

function partsOf(head: Readonly<Record<string, unknown>>, payload: unknown) {
  const encode = (value: unknown) => encodeBase64Url(encoder.encode(JSON.stringify(value)))
  return { protected: encode(head), payload: payload === undefined ? '' : encode(payload) }
}

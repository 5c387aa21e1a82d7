import { readSequence, TAG, writeValue } from './der.ts'
import type { TokenAlgorithm } from './json-web-token.ts'
import { readPem } from './pem.ts'
import { readPrivateKey } from './private-key.ts'
import { readRsa } from './public-key.ts'

/** Whether a signature is over a text. */
export type TokenVerifier = (signature: Uint8Array<ArrayBuffer>, signed: string) => Promise<boolean>

type ImportParams = Parameters<SubtleCrypto['importKey']>[2]
type VerifyParams = Parameters<SubtleCrypto['verify']>[0]
type Bytes = Uint8Array<ArrayBuffer>

const encoder = new TextEncoder()

/** Prepares the check of one secret's signatures; undefined when no such key can be made of it. */
export function secretVerifier(
  algorithm: TokenAlgorithm,
  secret: Bytes,
): Promise<TokenVerifier | undefined> {
  const importing = { name: 'HMAC', hash: hashOf(algorithm) }
  return prepare('HMAC', () => crypto.subtle.importKey('raw', secret, importing, false, ['verify']))
}

/** Prepares the check of the signatures of a key in a PEM text: a public one, or the private one it belongs to. */
export function pemVerifier(
  algorithm: TokenAlgorithm,
  pem: string,
): Promise<TokenVerifier | undefined> {
  const [importing, verifying] = paramsOf(algorithm)
  return prepare(verifying, () => importPublic(pem, importing))
}

async function prepare(
  verifying: VerifyParams,
  load: () => Promise<CryptoKey>,
): Promise<TokenVerifier | undefined> {
  try {
    const key = await load()
    return (signature, signed) =>
      // Signatures of another length than the key's are told by `verify` as false.
      crypto.subtle.verify(verifying, key, signature, encoder.encode(signed))
  } catch {
    // A key of another kind, a broken one, or one this runtime does not know.
    return undefined
  }
}

function paramsOf(algorithm: TokenAlgorithm): readonly [ImportParams, VerifyParams] {
  if (algorithm === 'EdDSA') return [{ name: 'Ed25519' }, 'Ed25519']
  const hash = hashOf(algorithm)
  const family = algorithm.slice(0, 2)
  if (family === 'RS') return [{ name: 'RSASSA-PKCS1-v1_5', hash }, 'RSASSA-PKCS1-v1_5']
  if (family === 'PS') {
    const saltLength = Number(algorithm.slice(2)) / 8
    return [
      { name: 'RSA-PSS', hash },
      { name: 'RSA-PSS', saltLength },
    ]
  }
  const namedCurve = CURVES[algorithm] ?? ''
  return [
    { name: 'ECDSA', namedCurve },
    { name: 'ECDSA', hash },
  ]
}

const CURVES: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }

function hashOf(algorithm: TokenAlgorithm): string {
  return `SHA-${algorithm.slice(2)}`
}

async function importPublic(pem: string, params: ImportParams): Promise<CryptoKey> {
  const { subtle } = crypto
  const spki = spkiIn(pem)
  if (spki !== undefined) return subtle.importKey('spki', spki, params, false, ['verify'])
  const secret = readPrivateKey(pem)
  if ('error' in secret) throw new Error(secret.error)
  const whole = await subtle.importKey('pkcs8', secret.pkcs8.slice(), params, true, ['sign'])
  const { kty, crv, x, y, n, e } = await subtle.exportKey('jwk', whole)
  const open = Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined)
  return subtle.importKey('jwk', Object.fromEntries(open), params, false, ['verify'])
}

const RSA_ALGORITHM = Uint8Array.of(0x30, 0x0d, 6, 9, 42, 134, 72, 134, 247, 13, 1, 1, 1, 5, 0)

/** The `SubjectPublicKeyInfo` in a text; the older form of RSA keys is the inside of one. */
function spkiIn(pem: string): Bytes | undefined {
  for (const { label, content } of readPem(pem)) {
    if (label === 'PUBLIC KEY') return content.slice()
    if (label === 'RSA PUBLIC KEY' && readRsa('RSA', readSequence(content)) !== undefined) {
      const bits = writeValue(TAG.bitString, Uint8Array.of(0), content)
      return writeValue(TAG.sequence, RSA_ALGORITHM, bits).slice()
    }
  }
  return undefined
}

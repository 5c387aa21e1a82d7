import { generateKeyPairSync, type KeyObject } from 'node:crypto'

/** A pair of keys as texts. */
export interface PemPair {
  readonly publicKey: string
  readonly privateKey: string
}

/** A new pair of RSA keys. */
export function rsaPair(form: 'spki' | 'pkcs1' = 'spki'): PemPair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    publicKey: publicKey.export({ type: form, format: 'pem' }).toString(),
    privateKey: secretPem(privateKey),
  }
}

/** A new pair of keys of an elliptic curve: `P-256`. */
export function ecPair(namedCurve: string): PemPair {
  return pairOf(generateKeyPairSync('ec', { namedCurve }))
}

/** A new pair of Ed25519 keys. */
export function edPair(): PemPair {
  return pairOf(generateKeyPairSync('ed25519'))
}

function pairOf({ publicKey, privateKey }: Record<'publicKey' | 'privateKey', KeyObject>): PemPair {
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKey: secretPem(privateKey),
  }
}

function secretPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

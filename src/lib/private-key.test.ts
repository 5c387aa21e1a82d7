import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { derivePublicKey } from './derive-public-key.ts'
import * as keys from './keys.fixture.ts'
import { readPem } from './pem.ts'
import { type PrivateKey, readPrivateKey } from './private-key.ts'
import { readPublicKey } from './public-key.ts'

function privateKey(pem: string): PrivateKey {
  const key = readPrivateKey(pem)
  if ('error' in key) throw new Error(key.error)
  return key
}

const publicKey = (pem: string) => readPublicKey(readPem(pem)[0]?.content)

describe('readPrivateKey', () => {
  it.each([
    ['PKCS #8 of EC', keys.P256_KEY, keys.P256_PUBLIC],
    ['SEC 1', keys.P256_SEC1, keys.P256_PUBLIC],
    ['SEC 1 after parameters', keys.P256_SEC1_AFTER_PARAMETERS, keys.P256_PUBLIC],
    ['SEC 1 with a compressed point', keys.P256_SEC1_COMPRESSED, keys.P256_PUBLIC],
    ['PKCS #8 of RSA', keys.RSA_KEY, keys.RSA_PUBLIC],
    ['PKCS #1', keys.RSA_PKCS1, keys.RSA_PUBLIC],
    ['a key after its certificate', keys.RSA_CERT + keys.RSA_KEY, keys.RSA_PUBLIC],
  ])('reads %s with its public half', (_what, pem, expected) => {
    const { publicKey: read } = privateKey(pem)
    expect(read).toBeDefined()
    expect(read).toEqual(publicKey(expected))
  })

  it.each([
    ['SEC 1', keys.P256_SEC1_BARE, keys.P256_PUBLIC],
    ['PKCS #8 of EC', keys.P256_KEY_BARE, keys.P256_PUBLIC],
    ['Ed25519', keys.ED25519_KEY, keys.ED25519_PUBLIC],
  ])('leaves the public half of %s without one to be derived', async (_what, pem, expected) => {
    const key = privateKey(pem)
    expect(key.publicKey).toBeUndefined()
    expect(await derivePublicKey(key)).toEqual(publicKey(expected))
  })

  it.each([
    ['nothing', '', 'no private key in PEM form found'],
    ['a public key', keys.P256_PUBLIC, 'no private key in PEM form found'],
    ['an encrypted key', keys.P256_KEY_ENCRYPTED, 'encrypted keys are not supported'],
    ['an encrypted older key', keys.P256_SEC1_ENCRYPTED, 'encrypted keys are not supported'],
    [
      'an older key of another kind',
      keys.P256_KEY.replaceAll('PRIVATE', 'DSA PRIVATE'),
      "a key of the form 'DSA PRIVATE KEY' is not supported",
    ],
    [
      'a certificate under the wrong label',
      keys.P256_CERT.replaceAll('CERTIFICATE', 'PRIVATE KEY'),
      'the PEM block does not hold a private key',
    ],
    [
      'an EC key called RSA',
      keys.P256_SEC1.replaceAll('EC PRIVATE', 'RSA PRIVATE'),
      'the PEM block does not hold a private key',
    ],
  ])('answers why there is none in %s', (_what, pem, error) => {
    expect(readPrivateKey(pem)).toEqual({ error })
  })

  it('throws at no damaged key', () => {
    const [block] = readPem(keys.P256_SEC1)
    fc.assert(
      fc.property(fc.nat(), fc.nat(255), (position, byte) => {
        const damaged = Uint8Array.from(block?.content ?? [])
        damaged[position % damaged.length] = byte
        const text = btoa(String.fromCharCode(...damaged))
        readPrivateKey(`-----BEGIN EC PRIVATE KEY-----\n${text}\n-----END EC PRIVATE KEY-----`)
      }),
    )
  })
})

describe('derivePublicKey', () => {
  it('answers undefined for what the runtime cannot load', async () => {
    const key = privateKey(keys.ED25519_KEY)
    expect(await derivePublicKey({ ...key, kind: '2a03' })).toBeUndefined()
    expect(await derivePublicKey({ ...key, pkcs8: key.pkcs8.slice(0, -1) })).toBeUndefined()
  })
})

import { CompactSign, importPKCS8 } from 'jose'
import { describe, expect, it } from 'vitest'
import { ecPair, edPair, type PemPair, rsaPair } from '../../test/plugins/pem-pair.ts'
import { readToken, TOKEN_ALGORITHMS, type TokenAlgorithm } from './json-web-token.ts'
import { ED25519_PUBLIC, P256_KEY, P256_PUBLIC, P384_KEY, RSA_PUBLIC } from './keys.fixture.ts'
import { pemVerifier, secretVerifier, type TokenVerifier } from './token-verifier.ts'

const RSA = rsaPair()
const PAIRS: Readonly<Record<string, PemPair>> = {
  RS: RSA,
  PS: RSA,
  ES256: ecPair('P-256'),
  ES384: ecPair('P-384'),
  ES512: ecPair('P-521'),
  EdDSA: edPair(),
}

const pairFor = (algorithm: TokenAlgorithm) => {
  const pair = PAIRS[algorithm] ?? PAIRS[algorithm.slice(0, 2)]
  if (pair === undefined) throw new Error(`Cannot find a key for ${algorithm}`)
  return pair
}

const SECRET = 'a secret long enough for any of them, which jose wants to be so long: 64 bytes'
const secretBytes = new TextEncoder().encode(SECRET)

async function signed(algorithm: TokenAlgorithm): Promise<string> {
  const key = algorithm.startsWith('HS')
    ? secretBytes
    : await importPKCS8(pairFor(algorithm).privateKey, algorithm)
  return new CompactSign(new TextEncoder().encode('{"iss":"x"}'))
    .setProtectedHeader({ alg: algorithm })
    .sign(key)
}

async function check(
  verifier: TokenVerifier | undefined,
  token: string,
): Promise<boolean | undefined> {
  const read = readToken(token)
  if ('error' in read) throw new Error(read.error)
  return verifier?.(read.signature, read.signed)
}

const verifierFor = (algorithm: TokenAlgorithm) =>
  algorithm.startsWith('HS')
    ? secretVerifier(algorithm, secretBytes)
    : pemVerifier(algorithm, pairFor(algorithm).publicKey)

describe.each(TOKEN_ALGORITHMS)('%s', (algorithm) => {
  it('is checked as jose signs it', async () => {
    const verifier = await verifierFor(algorithm)
    const token = await signed(algorithm)
    expect(await check(verifier, token)).toBe(true)
    const [header, , signature] = token.split('.')
    expect(await check(verifier, `${header}.e30.${signature}`)).toBe(false)
    expect(await check(verifier, `${token.slice(0, token.lastIndexOf('.'))}.`)).toBe(false)
    expect(await check(verifier, `${token.slice(0, token.lastIndexOf('.'))}.AAAA`)).toBe(false)
  })
})

describe('a key', () => {
  it('may be the private one', async () => {
    for (const algorithm of ['RS256', 'PS512', 'ES256', 'EdDSA'] as const) {
      const verifier = await pemVerifier(algorithm, pairFor(algorithm).privateKey)
      expect(await check(verifier, await signed(algorithm))).toBe(true)
    }
  })

  it("may be in RSA's older form", async () => {
    const { publicKey } = rsaPair('pkcs1')
    expect(publicKey).toContain('RSA PUBLIC KEY')
    expect(await pemVerifier('RS256', publicKey)).toBeDefined()
  })

  it.each<[TokenAlgorithm, string]>([
    ['RS256', P256_PUBLIC],
    ['RS256', 'no key'],
    ['RS256', ''],
    ['PS256', ED25519_PUBLIC],
    ['ES256', RSA_PUBLIC],
    ['ES384', P256_PUBLIC],
    ['ES256', P384_KEY],
    ['EdDSA', P256_KEY],
  ])('that does not do for %s is told', async (algorithm, text) => {
    expect(await pemVerifier(algorithm, text)).toBeUndefined()
  })
})

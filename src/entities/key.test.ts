import { describe, expect, it } from 'vitest'
import * as keys from '../lib/keys.fixture.ts'
import { finishRow } from '../schema/finish.ts'
import { rowForInsert } from '../schema/validate.ts'
import { key } from './key.ts'

const id = 'a0000000-0000-4000-8000-000000000001'
const context = { now: 1795212381759, newId: () => id, secret: () => '' }
const insert = (input: unknown) => rowForInsert(key, input, context)
const finish = (sent: Record<string, unknown>) =>
  finishRow(key, insert(sent), { mode: 'insert', sent })

// RFC 7517, A.1 and RFC 8037, A.2.
const EC = {
  kty: 'EC',
  crv: 'P-256',
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
}
const OKP = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
const RSA = {
  kty: 'RSA',
  n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
  e: 'AQAB',
}
// keys.RSA_PUBLIC as PKCS #1 has it; decK's sanitizer writes no other.
const RSA_PUBLIC_PKCS1 = `-----BEGIN RSA PUBLIC KEY-----
MIGJAoGBAKYngmzpF1anxFA4uhILVyi+BTSKs4MlpLFtsEHipRstBMPLHf5NHKNk
HQBLyl1kmAakI/TYcFms9Kahmn+bHcVBMv0me1sq0MnASpHmjxyHE79+MpPeqRj0
VAlYTeU3YVt4T0ZPeSVx/nN9AzWFnBdH68hi9ehGfk2YqTcgTP+HAgMBAAE=
-----END RSA PUBLIC KEY-----`
const jwk = (members: object) => ({ kid: 'k', jwk: JSON.stringify({ kid: 'k', ...members }) })
const pem = (members: object) => ({ kid: 'k', pem: members })

const UNLOADABLE = { '@entity': ['could not load JWK, likely not a valid key'] }
const ONE_OF_TWO = "only one or none of these fields must be set: 'pem', 'jwk'"

describe('key', () => {
  it.each([
    ['an EC key', jwk(EC)],
    ['an EC key for encryption', jwk({ ...EC, use: 'enc', alg: 'ECDH-ES', key_ops: [] })],
    ['an Edwards key', jwk(OKP)],
    ['an RSA key', jwk(RSA)],
    ['an RSA key without its primes', jwk({ ...RSA, d: 'AQAB' })],
    ['members that are unset', jwk({ ...OKP, use: null, x5c: null })],
    ['a curve that no runtime knows', jwk({ ...EC, crv: 'secp256k1' })],
    ['a JWK in a vault', { kid: 'k', jwk: '{vault://env/jwk}' }],
    ['a public key', pem({ public_key: keys.P256_PUBLIC })],
    ['a public key by its older label', pem({ public_key: RSA_PUBLIC_PKCS1 })],
    ['a private key', pem({ private_key: keys.P256_SEC1 })],
    ['both in PKCS #1', pem({ public_key: RSA_PUBLIC_PKCS1, private_key: keys.RSA_PKCS1 })],
    ['both', pem({ public_key: keys.RSA_PUBLIC, private_key: keys.RSA_KEY })],
    ['both, one derived', pem({ public_key: keys.ED25519_PUBLIC, private_key: keys.ED25519_KEY })],
    ['keys in a vault', pem({ public_key: keys.RSA_PUBLIC, private_key: '{vault://env/key}' })],
  ])('takes %s', async (_what, input) => {
    expect(await finish(input)).toMatchObject(input)
  })

  it.each([
    [{}, { kid: 'required field missing' }],
    [{ kid: 'k' }, { '@entity': ["at least one of these fields must be non-empty: 'pem', 'jwk'"] }],
    [{ ...jwk(EC), ...pem({ public_key: keys.P256_PUBLIC }) }, { '@entity': [ONE_OF_TWO] }],
    [{ kid: 'k', jwk: EC }, { jwk: 'expected a string' }],
    [{ kid: 'k', jwk: '{' }, { '@entity': ['could not json decode jwk string'] }],
    [{ kid: 'k', jwk: '5' }, { '@entity': ['kid in jwk.kid must be equal to keys.kid'] }],
    [{ ...jwk(EC), kid: 'l' }, { '@entity': ['kid in jwk.kid must be equal to keys.kid'] }],
    [jwk({}), UNLOADABLE],
    [jwk({ kty: 'oct', k: 'AQID' }), UNLOADABLE],
    [jwk({ ...EC, crv: 'toString' }), UNLOADABLE],
    [jwk({ ...EC, kty: 'toString' }), UNLOADABLE],
    [jwk({ ...EC, y: undefined }), UNLOADABLE],
    [jwk({ ...RSA, n: '' }), UNLOADABLE],
    // As WebCrypto exports keys.
    [jwk({ ...EC, ext: true }), { '@entity': ['Validation error: ext: unknown field'] }],
    [
      jwk({ ...EC, use: '', x5c: 'x', key_ops: ['sign', 5] }),
      {
        '@entity': [
          'Validation error: key_ops: Validation error: expected a string; ' +
            'use: length must be at least 1; x5c: expected an array',
        ],
      },
    ],
    [pem({ public_key: 'x' }), { pem: 'could not load public key' }],
    [pem({ public_key: keys.P256_KEY }), { pem: 'could not load public key' }],
    [
      pem({ public_key: RSA_PUBLIC_PKCS1.replaceAll('RSA PUBLIC', 'PUBLIC') }),
      { pem: 'could not load public key' },
    ],
    [pem({ private_key: 'x' }), { pem: 'could not load private key' }],
    [pem({ private_key: keys.P256_KEY_ENCRYPTED }), { pem: 'could not load private key' }],
    [
      pem({ public_key: keys.P256_PUBLIC, private_key: keys.OTHER_P256_KEY }),
      { pem: 'public key does not match private key' },
    ],
    [
      pem({ public_key: keys.RSA_PUBLIC, private_key: keys.ED25519_KEY }),
      { pem: 'public key does not match private key' },
    ],
  ])('refuses case %#', (input, fields) => {
    const expected = expect.objectContaining({ fields: expect.objectContaining(fields), code: 2 })
    expect(() => insert(input)).toThrow(expected)
  })

  it.each([
    ['a point beside the curve', jwk({ ...EC, x: EC.y }), UNLOADABLE],
    ['too short a key', jwk({ ...OKP, x: 'AQID' }), UNLOADABLE],
    [
      'another private key',
      pem({ public_key: keys.ED25519_PUBLIC, private_key: keys.OTHER_ED25519_KEY }),
      { pem: 'public key does not match private key' },
    ],
    [
      'a private key that cannot be loaded',
      pem({ private_key: keys.ED25519_KEY.replace('K2VwBCIE', 'K2VwBCIF') }),
      { pem: 'could not load private key' },
    ],
  ])('loads what is sent, and refuses %s', async (_what, input, fields) => {
    await expect(finish(input)).rejects.toMatchObject({ code: 2, fields })
  })
})

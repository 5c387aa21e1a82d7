import { describe, expect, it } from 'vitest'
import * as keys from '../lib/keys.fixture.ts'
import { finishRow } from '../schema/finish.ts'
import { rowForInsert, rowForUpdate } from '../schema/validate.ts'
import { certificate } from './certificate.ts'

const id = 'a0000000-0000-4000-8000-000000000001'
const context = { now: 1795212381759, newId: () => id, secret: () => '' }
const insert = (input: unknown) => rowForInsert(certificate, input, context)
const finish = (sent: Record<string, unknown>) =>
  finishRow(certificate, insert(sent), { mode: 'insert', sent })

const EC = { cert: keys.P256_CERT, key: keys.P256_KEY }
const RSA_ALT = { cert_alt: keys.RSA_CERT, key_alt: keys.RSA_KEY }
const SAME_KIND =
  'certificate and alternative certificate need to have different type (e.g. RSA and ECDSA), ' +
  'the provided certificates were both of the same type'

describe('certificate', () => {
  it('keeps what was sent, and no names', async () => {
    expect(await finish({ ...EC, snis: ['b.test', '*.a.test'] })).toEqual({
      id,
      created_at: 1795212381,
      updated_at: 1795212381,
      ...EC,
      cert_alt: null,
      key_alt: null,
      tags: null,
      snis: null,
    })
  })

  it.each([
    ['PKCS #8', EC],
    ['SEC 1', { ...EC, key: keys.P256_SEC1 }],
    ['SEC 1 after parameters', { ...EC, key: keys.P256_SEC1_AFTER_PARAMETERS }],
    ['SEC 1 with a compressed point', { ...EC, key: keys.P256_SEC1_COMPRESSED }],
    ['SEC 1 without the public key', { ...EC, key: keys.P256_SEC1_BARE }],
    ['PKCS #8 without the public key', { ...EC, key: keys.P256_KEY_BARE }],
    ['another curve', { cert: keys.P384_CERT, key: keys.P384_KEY }],
    ['RSA', { cert: keys.RSA_CERT, key: keys.RSA_KEY }],
    ['PKCS #1', { cert: keys.RSA_CERT, key: keys.RSA_PKCS1 }],
    ['Ed25519', { cert: keys.ED25519_CERT, key: keys.ED25519_KEY }],
    ['two kinds', { ...EC, ...RSA_ALT }],
    ['a chain', { ...EC, cert: keys.P256_CERT + keys.CA_CERT }],
    ['references', { cert: '{vault://env/cert}', key: '{vault://env/key}' }],
    ['a reference and a key', { ...EC, cert: '{vault://env/cert}' }],
  ])('takes %s', async (_what, input) => {
    expect(await finish(input)).toMatchObject(input)
  })

  it.each([
    [{}, { cert: 'required field missing', key: 'required field missing' }],
    [
      { ...EC, cert: 'x', key: 'y' },
      {
        cert: expect.stringContaining('invalid certificate: x509.new: error:688010A:asn1 encoding'),
        key: 'invalid key: no private key in PEM form found',
      },
    ],
    [
      { ...EC, key: keys.P256_KEY_ENCRYPTED },
      { key: 'invalid key: encrypted keys are not supported' },
    ],
    [{ ...EC, key: keys.P256_PUBLIC }, { key: 'invalid key: no private key in PEM form found' }],
    [{ ...EC, cert: 5 }, { cert: 'expected a string' }],
    [{ ...EC, key: keys.OTHER_P256_KEY }, { '@entity': ['certificate does not match key'] }],
    [{ ...EC, key: keys.RSA_KEY }, { '@entity': ['certificate does not match key'] }],
    [{ ...EC, key: keys.ED25519_KEY }, { '@entity': ['certificate does not match key'] }],
    [
      { ...EC, cert_alt: keys.RSA_CERT },
      { '@entity': ["all or none of these fields must be set: 'cert_alt', 'key_alt'"] },
    ],
    [
      { ...EC, cert_alt: keys.RSA_CERT, key_alt: keys.P256_KEY },
      { '@entity': ['alternative certificate does not match key'] },
    ],
    [
      { ...EC, cert_alt: keys.CA_CERT, key_alt: keys.P256_KEY },
      {
        '@entity': ['alternative certificate does not match key', SAME_KIND],
      },
    ],
    [{ ...EC, cert_alt: keys.P256_CERT, key_alt: keys.P256_KEY }, { '@entity': [SAME_KIND] }],
    [{ ...EC, snis: 'a.test' }, { snis: 'expected an array' }],
    [{ ...EC, snis: ['a.test', '1.2.3.4'] }, { snis: [null, 'must not be an IP'] }],
  ])('refuses case %#', (input, fields) => {
    expect(() => insert(input)).toThrow(expect.objectContaining({ code: 2, fields }))
  })

  it.each([
    ['certificate', { cert: keys.ED25519_CERT, key: keys.OTHER_ED25519_KEY }],
    ['certificate', { cert: keys.CA_CERT, key: keys.P256_KEY_BARE }],
    [
      'alternative certificate',
      { ...EC, cert_alt: keys.ED25519_CERT, key_alt: keys.OTHER_ED25519_KEY },
    ],
  ])('computes a public key to see that the %s is of another, case %#', async (subject, input) => {
    await expect(finish(input)).rejects.toMatchObject({
      code: 2,
      fields: { '@entity': [`${subject} does not match key`] },
    })
  })

  it('refuses a key of which the public half cannot be computed', async () => {
    // Its innermost tag is none that a key has.
    const key = keys.ED25519_KEY.replace('K2VwBCIE', 'K2VwBCIF')
    await expect(finish({ cert: keys.ED25519_CERT, key })).rejects.toMatchObject({
      code: 2,
      fields: { key: 'invalid key: its public key cannot be computed on this runtime' },
    })
  })

  it('takes a new key with its certificate only', () => {
    const row = insert(EC)
    const patch = (sent: object) => rowForUpdate(certificate, row, sent, context)
    expect(patch({ tags: ['a'] })).toMatchObject({ ...EC, tags: ['a'] })
    expect(() => patch({ key: keys.RSA_KEY })).toThrow('certificate does not match key')
    expect(patch({ cert: keys.RSA_CERT, key: keys.RSA_KEY })).toMatchObject({ cert: keys.RSA_CERT })
  })
})

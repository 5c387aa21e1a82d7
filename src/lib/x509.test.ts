import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as keys from './keys.fixture.ts'
import { readCertificate } from './x509.ts'

describe('readCertificate', () => {
  it.each([
    ['an EC certificate', keys.P256_CERT, { kind: 'EC', ca: false, year: 2126 }],
    ['one of a larger curve', keys.P384_CERT, { kind: 'EC', ca: false, year: 2126 }],
    ['an RSA certificate', keys.RSA_CERT, { kind: 'RSA', ca: false, year: 2126 }],
    ['an Ed25519 certificate', keys.ED25519_CERT, { kind: 'Ed25519', ca: false, year: 2126 }],
    ['an authority', keys.CA_CERT, { kind: 'EC', ca: true, year: 2126 }],
    ['an expired one', keys.EXPIRED_CA_CERT, { kind: 'EC', ca: true, year: 2001 }],
    ['one of version 1', keys.V1_CERT, { kind: 'EC', ca: false, year: 2126 }],
    ['the first of a chain', keys.P256_CERT + keys.CA_CERT, { kind: 'EC', ca: false, year: 2126 }],
    ['one after a key', keys.P256_KEY + keys.CA_CERT, { kind: 'EC', ca: true, year: 2126 }],
  ])('reads %s', (_what, pem, { kind, ca, year }) => {
    const read = readCertificate(pem)
    if ('error' in read) throw new Error(read.error)
    expect(read).toMatchObject({ ca, publicKey: { kind } })
    expect(new Date(read.notAfter).getUTCFullYear()).toBe(year)
  })

  it('reads the very second a certificate ends', () => {
    expect(readCertificate(keys.EXPIRED_CA_CERT)).toMatchObject({ notAfter: Date.UTC(2001, 0, 1) })
  })

  it.each([
    ['no PEM', 'x', 'no certificate in PEM form found'],
    ['a key alone', keys.P256_KEY, 'no certificate in PEM form found'],
    [
      'a key under the wrong label',
      keys.P256_KEY.replaceAll('PRIVATE KEY', 'CERTIFICATE'),
      'the PEM block does not hold an X.509 certificate',
    ],
  ])('answers why there is none in %s', (_what, pem, error) => {
    expect(readCertificate(pem)).toEqual({ error })
  })

  it('throws at no damaged certificate', () => {
    const [, body = ''] = /-----\n([^-]*)\n-----END/.exec(keys.CA_CERT) ?? []
    const whole = Uint8Array.from(atob(body.replaceAll('\n', '')), (char) => char.charCodeAt(0))
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const damaged = whole.slice()
        damaged[at] = byte
        const text = btoa(String.fromCharCode(...damaged))
        readCertificate(`-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`)
      }),
    )
  })
})

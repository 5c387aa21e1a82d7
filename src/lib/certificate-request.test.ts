import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { readCertificateNames } from './certificate-names.ts'
import { makeCertificateRequest } from './certificate-request.ts'
import { writePem } from './pem.ts'
import { makeSelfSigned } from './self-signed.ts'
import { makeSigningKey, readSigningKey, type SigningKeyKind } from './signing-key.ts'

const EC: SigningKeyKind = { kind: 'EC' }

describe('a request for a certificate', () => {
  it.each<{ kind: SigningKeyKind; host: string; name: string }>([
    { kind: EC, host: 'a.example.com', name: 'DNS:a.example.com' },
    { kind: { kind: 'RSA', bits: 2048 }, host: 'b.example.com', name: 'DNS:b.example.com' },
    { kind: EC, host: '10.0.0.1', name: 'IP Address:10.0.0.1' },
    { kind: EC, host: `${'a'.repeat(60)}.example.com`, name: 'DNS:aaa' },
  ])('is one that OpenSSL takes: $host, $kind.kind', async ({ kind, host, name }) => {
    const request = await makeCertificateRequest(host, await makeSigningKey(kind))
    const shown = execFileSync('openssl', ['req', '-noout', '-text', '-verify'], {
      input: writePem('CERTIFICATE REQUEST', request),
      stdio: ['pipe', 'pipe', 'pipe'],
    }).toString()
    expect(shown).toContain(name)
    expect(shown.includes(`CN = ${host}`) || shown.includes(`CN=${host}`)).toBe(host.length <= 64)
  })
})

it('a signing key is the same once it is read again', async () => {
  for (const kind of [EC, { kind: 'RSA', bits: 2048 }] as const) {
    const made = await makeSigningKey(kind)
    const read = await readSigningKey(made.pem)
    expect([read?.pem, read?.jwk, read?.kind]).toEqual([made.pem, made.jwk, kind.kind])
  }
  expect(await readSigningKey('no key')).toBeUndefined()
})

it('names are read off a certificate', async () => {
  const now = Date.UTC(2026, 0, 2, 3, 4, 5)
  const { cert } = await makeSelfSigned('me.test', now)
  expect(readCertificateNames(cert)).toEqual({
    subject: 'me.test',
    issuer: 'me.test',
    serial: expect.stringMatching(/^(?:[0-9A-F]{2})+$/),
    notBefore: now - 24 * 60 * 60 * 1000,
  })
  expect(readCertificateNames('none')).toBeUndefined()
})

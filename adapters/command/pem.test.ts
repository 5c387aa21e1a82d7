import { Buffer } from 'node:buffer'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SERVER_CERT, SERVER_KEY } from '../node-http/certificates.fixture.ts'
import { ownClientCertificate, pairOf, trustedBy } from './pem.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gibbon-pem-'))
  writeFileSync(join(folder, 'c.pem'), SERVER_CERT)
  writeFileSync(join(folder, 'k.pem'), SERVER_KEY)
})
afterAll(() => rmSync(folder, { recursive: true }))

const base64 = (text: string) => Buffer.from(text).toString('base64')

it.each([
  ['files', () => [join(folder, 'c.pem'), join(folder, 'k.pem')]],
  ['texts', () => [SERVER_CERT, SERVER_KEY]],
  ['texts in base64', () => [base64(SERVER_CERT), base64(SERVER_KEY)]],
])('takes a pair as %s', async (_, given) => {
  const [cert = '', key = ''] = given()
  expect(await pairOf('ssl_cert', { cert, key })).toEqual({ cert: SERVER_CERT, key: SERVER_KEY })
})

it('says what it cannot load, and repeats no key', async () => {
  const gone = pairOf('ssl_cert', { cert: 'gone.pem', key: SERVER_KEY })
  await expect(gone).rejects.toThrow(/^ssl_cert: failed loading certificate from gone.pem$/)
  const hidden = pairOf('ssl_cert', { cert: SERVER_CERT, key: 'hush' })
  await expect(hidden).rejects.toThrow(/^ssl_cert_key: failed loading key$/)
  const both = pairOf('ssl_cert', { cert: 'gone.pem', key: 'hush' })
  await expect(both).rejects.toThrow(/from gone.pem; ssl_cert_key: failed loading key$/)
})

it('makes a pair for upstreams where none is named, and none unasked', async () => {
  const none = { clientSslCert: '', clientSslCertKey: '' }
  expect(await ownClientCertificate({ clientSsl: false, ...none })).toBeUndefined()
  const made = await ownClientCertificate({ clientSsl: true, ...none })
  expect(made).toMatchObject({ id: 'client_ssl', cert: expect.stringContaining('BEGIN CERT') })
})

it('trusts the authorities that are named, and those of the runtime where they are named too', () => {
  const trusted = (...trustedCertificates: string[]) => trustedBy({ trustedCertificates })
  expect(trusted('system')).toBeUndefined()
  expect(trusted(join(folder, 'c.pem'), base64(SERVER_CERT))).toEqual([SERVER_CERT, SERVER_CERT])
  const both = trusted('system', join(folder, 'c.pem')) ?? []
  expect([both.length > 1, both.at(-1)]).toEqual([true, SERVER_CERT])
  expect(() => trusted('gone.pem')).toThrow(
    /^lua_ssl_trusted_certificate: failed loading certificate from gone.pem$/,
  )
})

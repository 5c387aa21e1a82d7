import { Buffer } from 'node:buffer'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SERVER_CERT, SERVER_KEY } from '../node-http/certificates.fixture.ts'
import { ownClientCertificate, pairOf } from './pem.ts'

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
  expect(await pairOf(cert, key)).toEqual({ cert: SERVER_CERT, key: SERVER_KEY })
})

it('says what it cannot load, and repeats no key', async () => {
  await expect(pairOf('gone.pem', SERVER_KEY)).rejects.toThrow('certificate from gone.pem')
  const broken = pairOf(SERVER_CERT, 'hush')
  await expect(broken).rejects.toThrow('cannot load the key')
  await expect(broken).rejects.not.toThrow('hush')
})

it('makes a pair for upstreams where none is named, and none unasked', async () => {
  const none = { clientSslCert: '', clientSslCertKey: '' }
  expect(await ownClientCertificate({ clientSsl: false, ...none })).toBeUndefined()
  const made = await ownClientCertificate({ clientSsl: true, ...none })
  expect(made).toMatchObject({ id: 'client_ssl', cert: expect.stringContaining('BEGIN CERT') })
})

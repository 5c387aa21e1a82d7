import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { connect, createServer } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { makeSelfSigned } from './self-signed.ts'
import { readCertificate } from './x509.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const YEAR = 365.25 * 24 * 60 * 60 * 1000

describe('a self-signed certificate', () => {
  it('says who it is for and how long, and is signed by its own key', async () => {
    const { cert, key } = await makeSelfSigned('localhost', NOW)
    const read = new X509Certificate(cert)
    expect(read.subject).toBe('CN=localhost')
    expect(read.issuer).toBe(read.subject)
    expect(read.subjectAltName).toBe('DNS:localhost')
    expect(read.verify(read.publicKey)).toBe(true)
    expect(Date.parse(read.validFrom)).toBeLessThan(NOW)
    expect(Math.round((Date.parse(read.validTo) - NOW) / YEAR)).toBe(20)
    expect(key).toContain('-----BEGIN PRIVATE KEY-----\n')
    expect(readCertificate(cert)).toMatchObject({ ca: true })
  })

  it.each([2029, 2030, 2055])('made in %i has times that are read back', async (year) => {
    const { cert } = await makeSelfSigned('a.test', Date.UTC(year, 5, 1))
    const read = new X509Certificate(cert)
    expect(new Date(read.validTo).getUTCFullYear()).toBe(year + 20)
    expect(new Date(read.validFrom).getUTCFullYear()).toBe(year)
  })

  it('serves a handshake that verifies it', async () => {
    const pair = await makeSelfSigned('localhost', Date.now())
    const server = createServer(pair, (socket) => socket.end('hello'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const said = await new Promise<string>((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: pair.cert })
      socket.on('error', reject)
      socket.on('data', (chunk) => resolve(chunk.toString()))
    })
    server.close()
    expect(said).toBe('hello')
  })

  it('has a serial number of its own each time', async () => {
    const [one, other] = await Promise.all([makeSelfSigned('a', NOW), makeSelfSigned('a', NOW)])
    const serials = [one, other].map(({ cert }) => new X509Certificate(cert).serialNumber)
    expect(new Set(serials).size).toBe(2)
  })

  const hasOpenssl = spawnSync('openssl', ['version']).status === 0
  it.skipIf(!hasOpenssl)('is sound for openssl', async () => {
    const { cert, key } = await makeSelfSigned('localhost', NOW)
    const options = { input: cert, encoding: 'utf8' } as const
    const shown = spawnSync('openssl', ['x509', '-noout', '-text'], options)
    expect(shown.stdout).toContain('ecdsa-with-SHA256')
    expect(shown.stdout).toContain('DNS:localhost')
    const checked = spawnSync('openssl', ['pkey', '-check', '-noout'], { ...options, input: key })
    expect(checked.status).toBe(0)
  })
})

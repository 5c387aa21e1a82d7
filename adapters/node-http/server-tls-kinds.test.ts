import { connect, type SecureVersion } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import type { CertificateSource, ServerCertificate } from '../../src/ports/server.ts'
import { RSA_CERT, RSA_KEY, SERVER_CERT, SERVER_KEY } from './certificates.fixture.ts'
import { listen } from './server.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const RSA: ServerCertificate = { cert: RSA_CERT, key: RSA_KEY }
const CURVE: ServerCertificate = { cert: SERVER_CERT, key: SERVER_KEY }
const BOTH: ServerCertificate = { ...RSA, cert_alt: CURVE.cert, key_alt: CURVE.key }

/** The kind of certificate that a client sees who asks for `named.test`. */
async function kindShown(parts: {
  readonly own: ServerCertificate
  readonly named: ServerCertificate
  readonly version: SecureVersion
  readonly sigalgs?: string
}): Promise<string | undefined> {
  const { own, named, version, sigalgs } = parts
  const tls: CertificateSource = { certificateFor: (name) => (name === undefined ? own : named) }
  const handle = () => ({ status: 200, reason: '', headers: [], body: undefined })
  const listening = await listen({ host: '127.0.0.1', port: 0, handle, tls })
  ends.push(() => listening.stop(0))
  const socket = connect({
    ...{ host: '127.0.0.1', port: listening.port, servername: 'named.test' },
    ...{ minVersion: version, maxVersion: version, rejectUnauthorized: false },
    ...(sigalgs === undefined ? {} : { sigalgs }),
  })
  ends.push(() => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject).on('secureConnect', () => resolve())
  })
  return socket.getPeerX509Certificate()?.publicKey.asymmetricKeyType
}

const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const

describe.each(VERSIONS)('a certificate of another kind than the listener has, by %s', (version) => {
  it.each([
    { own: 'ec', named: 'rsa' },
    { own: 'rsa', named: 'ec' },
    { own: 'both', named: 'rsa' },
    { own: 'both', named: 'ec' },
  ])('own $own, named $named: the named one is shown', async ({ own, named }) => {
    const pairs: Record<string, ServerCertificate> = { ec: CURVE, rsa: RSA, both: BOTH }
    // The rows name what is there.
    const shown = { own: pairs[own] as ServerCertificate, named: pairs[named] as ServerCertificate }
    expect(await kindShown({ ...shown, version })).toBe(named)
  })

  it.each([
    { sigalgs: 'rsa_pss_rsae_sha256:rsa_pkcs1_sha256', kind: 'rsa' },
    { sigalgs: 'ecdsa_secp256r1_sha256', kind: 'ec' },
  ])('of two pairs the client chooses: $kind', async ({ sigalgs, kind }) => {
    expect(await kindShown({ own: CURVE, named: BOTH, version, sigalgs })).toBe(kind)
  })
})

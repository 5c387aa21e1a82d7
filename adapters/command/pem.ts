import { Buffer } from 'node:buffer'
import { existsSync, readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'
import { makeSelfSigned } from '../../src/lib/self-signed.ts'
import type { ServerCertificate } from '../../src/ports/server.ts'
import type { ClientCertificate } from '../../src/ports/transport.ts'
import type { ProcessSettings } from '../../src/settings/process-settings.ts'

/** What two settings say, `NAME` and `NAME_key`. */
export interface NamedPair {
  readonly cert: string
  readonly key: string
}

/** The pair two settings name; without one it is made, as in Kong. */
export async function pairOf(name: string, given: NamedPair): Promise<ServerCertificate> {
  if (given.cert === '') return makeSelfSigned('localhost', Date.now())
  const cert = pemOf(given.cert)
  const key = pemOf(given.key)
  if (cert !== undefined && key !== undefined) return { cert, key }
  // Kong's words; but a key is not repeated, whatever it is.
  const errors = [
    ...(cert === undefined ? [`${name}: failed loading certificate from ${given.cert}`] : []),
    ...(key === undefined ? [`${name}_key: failed loading key`] : []),
  ]
  throw new Error(errors.join('; '))
}

/** What upstreams see that ask who we are; undefined where nobody wants to show anything. */
export async function ownClientCertificate({
  clientSsl,
  clientSslCert,
  clientSslCertKey,
}: Pick<ProcessSettings, 'clientSsl' | 'clientSslCert' | 'clientSslCertKey'>): Promise<
  ClientCertificate | undefined
> {
  if (!clientSsl) return undefined
  const given = { cert: clientSslCert, key: clientSslCertKey }
  return { id: 'client_ssl', ...(await pairOf('client_ssl_cert', given)) }
}

/** Whom plugins trust, as PEM texts; undefined for the runtime's own authorities alone. */
export function trustedBy({
  trustedCertificates: named,
}: Pick<ProcessSettings, 'trustedCertificates'>): readonly string[] | undefined {
  if (named.every((name) => name === SYSTEM)) return undefined
  return named.flatMap((name) => {
    if (name === SYSTEM) return rootCertificates
    const pem = pemOf(name)
    // Kong's words.
    const what = 'lua_ssl_trusted_certificate: failed loading certificate from'
    if (pem === undefined) throw new Error(`${what} ${name}`)
    return [pem]
  })
}

const SYSTEM = 'system'

/** Kong: a setting holds a file's name, or the text itself, in base64 or not. */
function pemOf(value: string): string | undefined {
  if (isPem(value)) return value
  if (existsSync(value)) return readFileSync(value, 'utf8')
  const decoded = Buffer.from(value, 'base64').toString('latin1')
  return isPem(decoded) ? decoded : undefined
}

function isPem(text: string): boolean {
  return text.trimStart().startsWith('-----BEGIN ')
}

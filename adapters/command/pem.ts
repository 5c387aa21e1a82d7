import { Buffer } from 'node:buffer'
import { existsSync, readFileSync } from 'node:fs'
import { makeSelfSigned } from '../../src/lib/self-signed.ts'
import type { ServerCertificate } from '../../src/ports/server.ts'
import type { ClientCertificate } from '../../src/ports/transport.ts'
import type { ProcessSettings } from '../../src/settings/process-settings.ts'

/** The pair two settings name; without one it is made, as in Kong. */
export async function pairOf(cert: string, key: string): Promise<ServerCertificate> {
  if (cert === '') return makeSelfSigned('localhost', Date.now())
  return { cert: pemOf(cert, 'certificate'), key: pemOf(key, 'key') }
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
  return { id: 'client_ssl', ...(await pairOf(clientSslCert, clientSslCertKey)) }
}

/** Kong: a setting holds a file's name, or the text itself, in base64 or not. */
function pemOf(value: string, what: 'certificate' | 'key'): string {
  if (isPem(value)) return value
  if (existsSync(value)) return readFileSync(value, 'utf8')
  const decoded = Buffer.from(value, 'base64').toString('latin1')
  if (isPem(decoded)) return decoded
  // A key is not repeated, whatever it is.
  throw new Error(`cannot load the ${what}${what === 'key' ? '' : ` from ${value}`}: no such file`)
}

function isPem(text: string): boolean {
  return text.trimStart().startsWith('-----BEGIN ')
}

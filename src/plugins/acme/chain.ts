import { readCertificateNames } from '../../lib/certificate-names.ts'
import { readPem, writePem } from '../../lib/pem.ts'
import type { AcmeReply, AcmeSession } from './session.ts'

/** Gets a certificate with the chain an operator prefers; the first one when there is no such chain. */
export async function downloadChain(
  session: AcmeSession,
  url: string,
  preferred: string | null,
): Promise<string> {
  const first = await session.post(url)
  const chain = chainOf(first)
  if (preferred === null || isFrom(chain, preferred)) return chain
  for (const other of alternativesOf(first)) {
    const alternative = chainOf(await session.post(other))
    if (isFrom(alternative, preferred)) return alternative
  }
  return chain
}

/** Only what is a certificate of what was sent. */
function chainOf({ text }: AcmeReply): string {
  const blocks = readPem(text).filter(({ label }) => label === 'CERTIFICATE')
  if (blocks.length === 0) throw new Error('the authority sent no certificate')
  return blocks.map(({ label, content }) => writePem(label, content)).join('')
}

/** Whether the topmost certificate was given out by somebody of that name. */
function isFrom(chain: string, name: string): boolean {
  const top = chain.slice(chain.lastIndexOf('-----BEGIN '))
  return readCertificateNames(top)?.issuer === name
}

function alternativesOf({ headers }: AcmeReply): string[] {
  return headers
    .all('link')
    .flatMap((value) => value.split(','))
    .flatMap((link) => /<([^>]+)>\s*;\s*rel="?alternate"?/.exec(link)?.[1] ?? [])
}

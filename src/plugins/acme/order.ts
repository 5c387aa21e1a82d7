import { encodeBase64Url } from '../../lib/base64.ts'
import { makeCertificateRequest } from '../../lib/certificate-request.ts'
import type { SigningKey } from '../../lib/signing-key.ts'
import { isObject } from '../../schema/field.ts'
import { downloadChain } from './chain.ts'
import type { AcmeReply, AcmeSession } from './session.ts'

/** What an order needs beside the session. */
export interface OrderOptions {
  readonly host: string
  /** The key the certificate is for. */
  readonly key: SigningKey
  /** Of the account's key. */
  readonly thumbprint: string
  readonly preferredChain: string | null
  /** Makes the answer to a challenge known where the authority asks for it. */
  readonly publish: (token: string, answer: string) => Promise<void>
  readonly withdraw: (token: string) => Promise<void>
  readonly wait: (milliseconds: number) => Promise<void>
}

/** How often it is asked whether the authority is done, at most. */
const ASKED = 30
const PAUSE = 1000

/** Gets a certificate of a host, as a chain in PEM form; rejects with the reason when there is none. */
export async function orderCertificate(
  session: AcmeSession,
  options: OrderOptions,
): Promise<string> {
  const type = /^\d+\.\d+\.\d+\.\d+$/.test(options.host) ? 'ip' : 'dns'
  const identifiers = [{ type, value: options.host }]
  const made = await session.post(session.newOrder, { identifiers })
  const place = made.headers.get('location')
  const { authorizations, finalize } = made.value
  if (place === undefined || typeof finalize !== 'string' || !Array.isArray(authorizations)) {
    throw new Error('the authority made no order of it')
  }
  for (const url of authorizations) await authorize(session, String(url), options)

  const request = await makeCertificateRequest(options.host, options.key)
  const sent = await session.post(finalize, { csr: encodeBase64Url(request) })
  const done =
    sent.value.status === 'valid' ? sent : await settled(session, place, options, 'the order')
  if (typeof done.value.certificate !== 'string') throw new Error('the order has no certificate')
  return downloadChain(session, done.value.certificate, options.preferredChain)
}

async function authorize(session: AcmeSession, url: string, options: OrderOptions): Promise<void> {
  const { value } = await session.post(url)
  if (value.status === 'valid') return
  const challenges: readonly unknown[] = Array.isArray(value.challenges) ? value.challenges : []
  const challenge = challenges.filter(isObject).find(({ type }) => type === 'http-01')
  const { token, url: place } = challenge ?? {}
  if (typeof token !== 'string' || typeof place !== 'string') {
    throw new Error('the authority offers no challenge http-01')
  }
  await options.publish(token, `${token}.${options.thumbprint}`)
  try {
    await session.post(place, {})
    await settled(session, url, options, 'the challenge')
  } finally {
    await options.withdraw(token)
  }
}

/** Asks until something is valid. */
async function settled(
  session: AcmeSession,
  url: string,
  { wait }: OrderOptions,
  what: string,
): Promise<AcmeReply> {
  for (let asked = 0; asked < ASKED; asked++) {
    if (asked > 0) await wait(PAUSE)
    const reply = await session.post(url)
    const { status } = reply.value
    if (status === 'valid') return reply
    if (status === 'invalid') throw new Error(`${what} failed: ${reasonIn(reply.value)}`)
  }
  throw new Error(`${what} took too long`)
}

function reasonIn({ error, challenges }: Readonly<Record<string, unknown>>): string {
  const listed: readonly unknown[] = Array.isArray(challenges) ? challenges : []
  const problems = [error, ...listed.filter(isObject).map((one) => one.error)].filter(isObject)
  const details = problems.map(({ detail }) => detail).filter((one) => typeof one === 'string')
  return details.length === 0 ? 'no reason was given' : details.join('; ')
}

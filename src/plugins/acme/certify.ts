import { messageOf } from '../../lib/message-of.ts'
import { makeSigningKey, readSigningKey, type SigningKey } from '../../lib/signing-key.ts'
import { readCertificate } from '../../lib/x509.ts'
import type { AdminKit } from '../../pdk/admin-route.ts'
import { accountKey, thumbprintOf } from './account.ts'
import { type AcmeConfig, directoryOf } from './config.ts'
import { orderCertificate } from './order.ts'
import { saveCertificate } from './save-certificate.ts'
import { openSession } from './session.ts'
import { type AcmeStorage, openStorage, STORED } from './storage.ts'

/** What became of a request for a certificate: there is one now, somebody else is at it, or why not. */
export type Certified =
  | { readonly state: 'made' | 'busy' }
  | { readonly state: 'failed'; readonly error: string }

/** Seconds in which nobody else asks for the same host. */
const LOCKED = 30
const DAY = 86_400
const CHALLENGE_TTL = 3600

/** Gets a certificate for a host and serves it from then on; after a failure not for a while. */
export async function certify(
  host: string,
  config: AcmeConfig,
  kit: AdminKit,
  previousKey?: string,
): Promise<Certified> {
  const storage = openStorage(config, kit)
  const now = Math.floor(kit.runtime.now() / 1000)
  const until = Number(await storage.get(STORED.backoff(host)))
  if (until > now) return { state: 'failed', error: backoffError(host, until - now) }
  if (!(await storage.add(STORED.lock(host), 'placeholder', LOCKED))) return { state: 'busy' }
  try {
    const key = await keyFor(config, previousKey)
    const cert = await order(host, key, { config, storage, kit })
    await saveCertificate(kit, { host, cert, key: key.pem })
    const read = readCertificate(cert)
    // Kong reckons with the ninety days of Let's Encrypt whatever the certificate says.
    const expire_at = 'error' in read ? now + 90 * DAY : Math.floor(read.notAfter / 1000)
    const renewal = { host, expire_at }
    await storage.set(STORED.renewal + host, JSON.stringify(renewal))
    return { state: 'made' }
  } catch (error) {
    const wait = (config.fail_backoff_minutes ?? 5) * 60
    if (wait > 0) await storage.set(STORED.backoff(host), String(now + Math.ceil(wait)), wait)
    const reason = messageOf(error)
    return {
      state: 'failed',
      error: `could not create certificate for host: ${host} err: ${reason}`,
    }
  } finally {
    await storage.delete(STORED.lock(host))
  }
}

function backoffError(host: string, seconds: number): string {
  return `please try again in ${seconds} seconds for host ${host} because of previous failure; this is configurable with config.fail_backoff_minutes`
}

async function keyFor(config: AcmeConfig, previous: string | undefined): Promise<SigningKey> {
  const known = previous === undefined ? undefined : await readSigningKey(previous)
  if (known !== undefined) return known
  return makeSigningKey(
    config.cert_type === 'ecc'
      ? { kind: 'EC' }
      : { kind: 'RSA', bits: config.rsa_key_size ?? 4096 },
  )
}

async function order(
  host: string,
  key: SigningKey,
  parts: { readonly config: AcmeConfig; readonly storage: AcmeStorage; readonly kit: AdminKit },
): Promise<string> {
  const { config, storage, kit } = parts
  const account = await accountKey(config, storage, kit)
  const { eab_kid: id, eab_hmac_key: secret } = config
  const session = await openSession({
    http: kit.http,
    directory: directoryOf(config),
    email: config.account_email,
    key: account,
    ...(id === null || secret === null ? {} : { binding: { id, secret } }),
  })
  return orderCertificate(session, {
    host,
    key,
    thumbprint: thumbprintOf(account),
    preferredChain: config.preferred_chain,
    publish: (token, answer) => storage.set(STORED.challenge(token), answer, CHALLENGE_TTL),
    withdraw: (token) => storage.delete(STORED.challenge(token)),
    wait: (milliseconds) => new Promise((resolve) => void kit.after(milliseconds, resolve)),
  })
}

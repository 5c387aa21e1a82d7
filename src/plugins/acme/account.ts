import { encodeBase64Url } from '../../lib/base64.ts'
import { sha256 } from '../../lib/sha256.ts'
import {
  makeSigningKey,
  readSigningJwk,
  readSigningKey,
  type SigningKey,
} from '../../lib/signing-key.ts'
import type { AdminKit } from '../../pdk/admin-route.ts'
import { NO_SECRETS } from '../../pdk/secrets.ts'
import { getOwn, isObject } from '../../schema/field.ts'
import type { AcmeConfig } from './config.ts'
import { type AcmeStorage, STORED } from './storage.ts'

/**
 * The key that stands for our account; made and kept at the first need of it. Several hosts may need
 * it at once, and are one customer.
 */
export async function accountKey(
  config: AcmeConfig,
  storage: AcmeStorage,
  kit: Pick<AdminKit, 'entities' | 'secrets' | 'keep'>,
): Promise<SigningKey> {
  const name = STORED.account(config.api_uri ?? '', config.account_email)
  const asked = kit.keep('acme:accounts', () => new Map<string, Promise<SigningKey>>())
  const before = asked.get(name)
  if (before !== undefined) return before
  const found = readOrMake(name, config, { storage, kit })
  asked.set(name, found)
  return found.finally(() => asked.delete(name))
}

async function readOrMake(
  name: string,
  config: AcmeConfig,
  { storage, kit }: { storage: AcmeStorage; kit: Pick<AdminKit, 'entities' | 'secrets'> },
): Promise<SigningKey> {
  const kept = await storage.get(name)
  if (kept !== undefined) return keptKey(kept)
  const key = await (config.account_key === null
    ? makeSigningKey({ kind: 'EC' })
    : configuredKey(config.account_key, kit))
  await storage.set(name, JSON.stringify({ key: key.pem }))
  return key
}

async function keptKey(json: string): Promise<SigningKey> {
  const value: unknown = JSON.parse(json)
  const pem = isObject(value) ? getOwn(value, 'key') : undefined
  const key = typeof pem === 'string' ? await readSigningKey(pem) : undefined
  if (key === undefined) throw new Error('no usable key found in account')
  return key
}

async function configuredKey(
  { key_id: id, key_set: set }: NonNullable<AcmeConfig['account_key']>,
  { entities, secrets = NO_SECRETS }: Pick<AdminKit, 'entities' | 'secrets'>,
): Promise<SigningKey> {
  const found = set === null ? null : entities.getBy('key_sets', 'name', set)
  if (found === undefined) throw new Error(`could not load keyset: ${set}`)
  const row = entities.all('keys').find((key) => {
    const owner = isObject(key.set) ? key.set.id : undefined
    return key.kid === id && owner === found?.id
  })
  const pem = isObject(row?.pem) ? row.pem.private_key : undefined
  const jwk = row?.jwk
  const key =
    typeof jwk === 'string'
      ? await readSigningJwk(secrets.textOf(jwk))
      : typeof pem === 'string'
        ? await readSigningKey(secrets.textOf(pem))
        : undefined
  if (key === undefined) throw new Error(`could not load keys: ${id} is no private key we can use`)
  return key
}

/** What a challenge is answered with beside its token (RFC 7638). */
export function thumbprintOf({ jwk }: SigningKey): string {
  return encodeBase64Url(sha256(new TextEncoder().encode(JSON.stringify(jwk))))
}

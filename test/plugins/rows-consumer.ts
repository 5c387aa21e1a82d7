import { createHash, createHmac } from 'node:crypto'

/** A consumer with a credential of each kind, in the groups `friends` and `family`. */
export const CONSUMER = {
  username: 'ann',
  custom_id: 'ann-1',
  keyauth_credentials: [{ key: 'ann-key' }],
  basicauth_credentials: [{ username: 'ann', password: 'ann-password' }],
  jwt_secrets: [{ key: 'ann-issuer', secret: 'ann-secret', algorithm: 'HS256' }],
  hmacauth_credentials: [{ username: 'ann-hmac', secret: 'ann-hmac-secret' }],
  acls: [{ group: 'friends' }, { group: 'family' }],
  oauth2_credentials: [
    {
      id: 'b9a1ad0e-53ae-4fe6-9f23-3bd0d1c1a6f1',
      name: 'app',
      client_id: 'ann-app',
      client_secret: 'ann-app-secret',
      redirect_uris: ['https://app.test/back'],
    },
  ],
}

/** One with a key of its own and in no group. */
export const OTHER_CONSUMER = { username: 'bob', keyauth_credentials: [{ key: 'bob-key' }] }

/** One whose key for tokens is no base64. */
export const KEYLESS_CONSUMER = {
  username: 'carl',
  jwt_secrets: [{ key: 'carl-issuer', secret: '***', algorithm: 'HS256' }],
}

/** Who may be taken for whoever is unknown. */
export const GUEST = { username: 'guest' }

/** What a plugin is given to let the first consumer in. */
export const KEY = { name: 'key-auth' }
export const ANN = { headers: { apikey: 'ann-key' } }

/** A token of these claims. */
export function token(
  claims: unknown,
  secret = 'ann-secret',
  header: object = { alg: 'HS256', typ: 'JWT' },
): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part(header)}.${part(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

/** The same as it stands in a header. */
export function bearer(...parts: Parameters<typeof token>): string {
  return `Bearer ${token(...parts)}`
}

/** `name:password` as it stands in a header. */
export function basic(pair: string): string {
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

interface Signing {
  readonly secret?: string
  readonly username?: string
  readonly algorithm?: string
  readonly date?: string
}

/** Headers of a request whose date is signed. */
export function signature({
  secret = 'ann-hmac-secret',
  username = 'ann-hmac',
  algorithm = 'hmac-sha256',
  date = new Date().toUTCString(),
}: Signing = {}): Record<string, string> {
  const hash = algorithm.replace('hmac-', '')
  const mac = createHmac(hash, secret).update(`date: ${date}`).digest('base64')
  const said = `username="${username}", algorithm="${algorithm}", headers="date", signature="${mac}"`
  return { date, authorization: `hmac ${said}` }
}

/** `Digest` of a body. */
export function digest(body: string): string {
  return `SHA-256=${createHash('sha256').update(body).digest('base64')}`
}

/** Headers of a webhook of now, or of so many seconds from now. */
export function webhook(body: string, { secret = 'whsec', late = 0 } = {}): Record<string, string> {
  const time = `${Math.floor(Date.now() / 1000) + late}`
  const mac = createHmac('sha256', secret).update(`w1.${time}.${body}`).digest('base64')
  return {
    'webhook-id': 'w1',
    'webhook-timestamp': time,
    'webhook-signature': `v1,${mac}`,
  }
}

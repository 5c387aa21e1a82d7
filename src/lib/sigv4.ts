import type { HeaderList } from './header-list.ts'
import { toHex } from './hex.ts'
import { percentEncoded } from './percent-encoded.ts'

/** What proves who asks AWS. */
export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of credentials that are good for a while only. */
  readonly sessionToken?: string
}

/** A request to be signed, and for whom. */
export interface Signing {
  readonly method: string
  /** Its path and query as they go out. */
  readonly url: URL
  /** Signed with the rest; Host and the date are added. */
  readonly headers: HeaderList
  readonly body: Uint8Array<ArrayBuffer>
  readonly region: string
  readonly service: string
  readonly credentials: AwsCredentials
  /** Milliseconds since 1970. */
  readonly now: number
}

const ALGORITHM = 'AWS4-HMAC-SHA256'
const encoder = new TextEncoder()

/** The headers a request goes out with, its signature among them (Signature Version 4). */
export async function signRequest(signing: Signing): Promise<HeaderList> {
  const { credentials, region, service, now } = signing
  const time = new Date(now).toISOString().replace(/\.\d+|[-:]/g, '')
  const { sessionToken } = credentials
  const headers = [
    ...['Host', signing.url.host],
    ...signing.headers,
    ...['X-Amz-Date', time],
    ...(sessionToken === undefined ? [] : ['X-Amz-Security-Token', sessionToken]),
  ]
  const signed = signedHeaders(headers)
  const names = signed.map(([name]) => name).join(';')
  const request = await canonicalRequest(signing, signed, names)

  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`
  const text = `${ALGORITHM}\n${time}\n${scope}\n${await digest(encoder.encode(request))}`
  const signature = toHex(await mac(await signingKey(signing, time.slice(0, 8)), text))
  const credential = `${credentials.accessKeyId}/${scope}`
  const authorization = `${ALGORITHM} Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`
  return [...headers, 'Authorization', authorization]
}

async function canonicalRequest(
  { method, url, body }: Signing,
  signed: readonly (readonly [string, string])[],
  names: string,
): Promise<string> {
  const headers = signed.map(([name, value]) => `${name}:${value}\n`).join('')
  const query = canonicalQuery(url.searchParams)
  // AWS: what is written encoded is encoded once more, but by S3.
  const path = url.pathname.split('/').map(encode).join('/')
  return [method, path, query, headers, names, await digest(body)].join('\n')
}

/** By lower-case name, the values of one name side by side, inner space made one. */
function signedHeaders(headers: HeaderList): [string, string][] {
  const values = new Map<string, string>()
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] ?? '').toLowerCase()
    const value = (headers[i + 1] ?? '').trim().replace(/ +/g, ' ')
    const before = values.get(name)
    values.set(name, before === undefined ? value : `${before},${value}`)
  }
  return [...values].sort(([a], [b]) => compare(a, b))
}

function canonicalQuery(params: URLSearchParams): string {
  return [...params]
    .map(([name, value]): [string, string] => [encode(name), encode(value)])
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** All but letters, digits and `-._~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, percentEncoded)
}

async function signingKey(
  { credentials, region, service }: Signing,
  day: string,
): Promise<Uint8Array<ArrayBuffer>> {
  let key: Uint8Array<ArrayBuffer> = encoder.encode(`AWS4${credentials.secretAccessKey}`)
  for (const part of [day, region, service, 'aws4_request']) key = await mac(key, part)
  return key
}

async function mac(secret: Uint8Array<ArrayBuffer>, text: string) {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', secret, algorithm, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(text)))
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

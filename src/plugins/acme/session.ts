import type { SigningKey } from '../../lib/signing-key.ts'
import type { HttpCaller, HttpReply } from '../../pdk/http-call.ts'
import { isObject } from '../../schema/field.ts'
import { bindAccount, signMessage } from './signed-message.ts'

/** What the authority answered. */
export interface AcmeReply {
  readonly status: number
  readonly headers: HttpReply['headers']
  readonly text: string
  /** The body when it is a JSON object; else an empty one. */
  readonly value: Readonly<Record<string, unknown>>
}

/** An account that talks to its authority. */
export interface AcmeSession {
  /** The address at which orders are made. */
  readonly newOrder: string
  /** Sends a signed message; without a payload it only asks. Rejects when it is refused. */
  post(url: string, payload?: unknown): Promise<AcmeReply>
}

/** Whose account it is, and where. */
export interface SessionOptions {
  readonly http: HttpCaller
  readonly directory: string
  readonly email: string
  readonly key: SigningKey
  /** What the authority gave out to tell its customers by. */
  readonly binding?: { readonly id: string; readonly secret: string }
}

const TIMEOUT = 30_000
const LIMIT = 1 << 20
const TRIES = 5

/** Makes the account known to the authority, or finds it again. */
export async function openSession(options: SessionOptions): Promise<AcmeSession> {
  const { directory, email, key, binding } = options
  const { value: places } = await call(options, { method: 'GET', url: directory })
  const [newNonce, newAccount, newOrder] = ['newNonce', 'newAccount', 'newOrder'].map((name) => {
    const url = places[name]
    if (typeof url !== 'string') throw new Error(`the directory names no ${name}`)
    return url
  }) as [string, string, string]

  let nonce: string | undefined
  const post = async (
    url: string,
    payload: unknown,
    who: Readonly<Record<string, unknown>>,
  ): Promise<AcmeReply> => {
    for (let left = TRIES; ; left--) {
      nonce ??= (await call(options, { method: 'HEAD', url: newNonce })).headers.get('replay-nonce')
      const message = await signMessage(key, { ...who, nonce, url }, payload)
      const reply = await call(options, { method: 'POST', url, message })
      nonce = reply.headers.get('replay-nonce')
      if (reply.status < 400) return reply
      // A number used once may have grown too old.
      const stale = reply.value.type === 'urn:ietf:params:acme:error:badNonce'
      if (!stale || left === 1) throw new Error(refusalOf(reply))
    }
  }

  const payload = {
    termsOfServiceAgreed: true,
    contact: [`mailto:${email}`],
    ...(binding === undefined
      ? {}
      : { externalAccountBinding: await bindAccount(key.jwk, { url: newAccount, ...binding }) }),
  }
  const { headers } = await post(newAccount, payload, { jwk: key.jwk })
  const kid = headers.get('location')
  if (kid === undefined) throw new Error('the authority gave the account no address')
  return { newOrder, post: (url, asked) => post(url, asked, { kid }) }
}

/** What the authority said was wrong. */
function refusalOf({ status, value }: AcmeReply): string {
  const { type, detail } = value
  const why = [type, detail].filter((part) => typeof part === 'string').join(': ')
  return why === '' ? `the authority answered ${status}` : why
}

async function call(
  { http }: SessionOptions,
  { method, url, message }: { readonly method: string; readonly url: string; message?: unknown },
): Promise<AcmeReply> {
  const body = message === undefined ? undefined : new TextEncoder().encode(JSON.stringify(message))
  const reply = await http({
    url: new URL(url),
    method,
    headers: [
      ...['User-Agent', 'gibbon'],
      ...(body === undefined ? [] : ['Content-Type', 'application/jose+json']),
    ],
    ...(body === undefined ? {} : { body }),
    timeout: TIMEOUT,
  })
  const text = new TextDecoder().decode(await reply.bytes(LIMIT))
  return { status: reply.status, headers: reply.headers, text, value: parsed(text) }
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

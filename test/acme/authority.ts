import { decodeBase64Url, encodeBase64Url } from '../../src/lib/base64.ts'
import { readSequence, readValues, TAG, writeValue } from '../../src/lib/der.ts'
import { headerOf } from '../../src/lib/header-list.ts'
import { writePem } from '../../src/lib/pem.ts'
import { sha256 } from '../../src/lib/sha256.ts'
import { makeSigningKey, type SigningKey } from '../../src/lib/signing-key.ts'
import type { Incoming, Outgoing } from '../../src/ports/transport.ts'
import { incoming } from '../proxy/fakes.ts'

const BASE = 'https://ca.test'
const DAY = 86_400_000

/** An ACME authority in this process, which holds clients to RFC 8555. */
export interface Authority {
  answer(outgoing: Outgoing): Promise<Incoming>
  /** Certificates it gave out, by host. */
  readonly issued: string[]
  /** What it found wrong with its client. */
  readonly complaints: string[]
  /** Accounts it knows. */
  readonly accounts: Account[]
  /** Paths it was asked for, in order. */
  readonly asked: string[]
}

interface Account {
  readonly jwk: JsonWebKey
  readonly contact: unknown
  readonly binding: unknown
}

interface Order {
  readonly host: string
  readonly token: string
  valid: boolean
  tried: boolean
  cert: string | undefined
}

/** What it does differently. */
export interface AuthorityOptions {
  /** Fetches what a host answers to a challenge. */
  readonly fetch: (host: string, path: string) => Promise<string>
  readonly now: () => number
  /** Days a certificate lasts. */
  readonly days?: number
  /** Refuses the first number of this many messages. */
  readonly badNonces?: number
}

/** Opens one. */
export async function openAuthority(options: AuthorityOptions): Promise<Authority> {
  const root = await makeSigningKey({ kind: 'EC' })
  const orders: Order[] = []
  const nonces = new Set<string>()
  const authority = {
    issued: [] as string[],
    complaints: [] as string[],
    accounts: [] as Account[],
    asked: [] as string[],
  }
  let bad = options.badNonces ?? 0
  const nonce = () => {
    const made = crypto.randomUUID()
    nonces.add(made)
    return made
  }
  const json = (status: number, value: unknown, headers: string[] = []) =>
    incoming({
      status,
      headers: ['Content-Type', 'application/json', 'Replay-Nonce', nonce(), ...headers],
      body: JSON.stringify(value),
    })
  const refuse = (type: string, detail: string) => {
    if (type !== 'badNonce') authority.complaints.push(detail)
    return json(400, { type: `urn:ietf:params:acme:error:${type}`, detail })
  }
  const authorization = (order: Order, at: number) => ({
    status: order.valid ? 'valid' : order.tried ? 'invalid' : 'pending',
    identifier: { type: 'dns', value: order.host },
    challenges: [
      { type: 'dns-01', url: `${BASE}/dns/${at}`, token: order.token },
      {
        type: 'http-01',
        url: `${BASE}/challenge/${at}`,
        token: order.token,
        ...(order.tried && !order.valid ? { error: { detail: 'no answer' } } : {}),
      },
    ],
  })
  const shown = (order: Order, at: number) => ({
    status: order.cert !== undefined ? 'valid' : order.valid ? 'ready' : 'pending',
    authorizations: [`${BASE}/authz/${at}`],
    finalize: `${BASE}/finalize/${at}`,
    ...(order.cert === undefined ? {} : { certificate: `${BASE}/cert/${at}` }),
  })

  const serve = async (path: string, message: Message): Promise<Incoming> => {
    const { payload, account } = message
    if (path === '/account') return json(201, {}, ['Location', `${BASE}/account/1`])
    if (path === '/order') {
      const [{ value: host }] = payload.identifiers
      orders.push({
        host,
        token: `token${orders.length}`,
        valid: false,
        tried: false,
        cert: undefined,
      })
      const at = orders.length - 1
      const made = orders[at] as Order
      return json(201, shown(made, at), ['Location', `${BASE}/order/${at}`])
    }
    const [, kind, at] = path.split('/')
    const order = orders[Number(at)]
    if (order === undefined) return refuse('malformed', `no such thing: ${path}`)
    if (kind === 'authz') return json(200, authorization(order, Number(at)))
    if (kind === 'order') return json(200, shown(order, Number(at)))
    if (kind === 'challenge') {
      const print = thumbprint(account.jwk)
      const path = `/.well-known/acme-challenge/${order.token}`
      order.valid = (await options.fetch(order.host, path)).trim() === `${order.token}.${print}`
      order.tried = true
      return json(200, { status: 'processing' })
    }
    if (kind === 'finalize') {
      const spki = await checkRequest(payload.csr, order.host)
      if (spki === undefined) return refuse('badCSR', 'the request is not good')
      order.cert = await certificateFor(order.host, spki, root, {
        now: options.now(),
        days: options.days ?? 90,
      })
      authority.issued.push(order.host)
      return json(200, shown(order, Number(at)))
    }
    const chain = path.endsWith('/other') ? ['Other CA'] : []
    const other = await certificateFor(chain[0] ?? 'Test CA', root.spki, root, {
      now: options.now(),
      days: 900,
      issuer: chain[0] ?? 'Test CA',
    })
    return incoming({
      headers: ['Replay-Nonce', nonce(), 'Link', `<${BASE}/cert/${at}/other>;rel="alternate"`],
      body: `${order.cert}${other}`,
    })
  }

  return {
    ...authority,
    async answer({ method, target, headers, body }) {
      authority.asked.push(`${method} ${target}`)
      if (target === '/directory') {
        const names = ['newNonce', 'newAccount', 'newOrder']
        const [a, b, c] = ['nonce', 'account', 'order'].map((name) => `${BASE}/${name}`)
        return json(200, Object.fromEntries(names.map((name, i) => [name, [a, b, c][i]])))
      }
      if (target === '/nonce') return incoming({ headers: ['Replay-Nonce', nonce()] })
      if (headerOf(headers, 'content-type') !== 'application/jose+json') {
        return refuse('malformed', 'wrong content type')
      }
      const sent = JSON.parse(new TextDecoder().decode(body as Uint8Array))
      const head = decoded(sent.protected)
      if (bad-- > 0) return refuse('badNonce', 'too old')
      if (!nonces.delete(head.nonce)) return refuse('badNonce', 'unknown nonce')
      if (head.url !== BASE + target) return refuse('unauthorized', 'wrong url')
      const payload = sent.payload === '' ? undefined : decoded(sent.payload)
      if (target === '/account') {
        const { contact, externalAccountBinding: binding } = payload
        authority.accounts.push({ jwk: head.jwk, contact, binding })
      } else if (head.kid !== `${BASE}/account/1`) {
        return refuse('unauthorized', 'wrong kid')
      }
      const account = authority.accounts.at(-1)
      if (account === undefined) return refuse('accountDoesNotExist', 'no account')
      if (!(await isSigned(sent, account.jwk))) return refuse('malformed', 'wrong signature')
      return serve(target, { payload, account })
    },
  }
}

interface Message {
  // biome-ignore lint/suspicious/noExplicitAny: whatever a client sends
  readonly payload: any
  readonly account: Account
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a client sends
function decoded(text: string): any {
  return JSON.parse(new TextDecoder().decode(decodeBase64Url(text)))
}

function thumbprint({ crv, e, kty, n, x, y }: JsonWebKey): string {
  return encodeBase64Url(sha256(new TextEncoder().encode(JSON.stringify({ crv, e, kty, n, x, y }))))
}

async function isSigned(
  sent: { protected: string; payload: string; signature: string },
  jwk: JsonWebKey,
): Promise<boolean> {
  const algorithm =
    jwk.kty === 'EC'
      ? { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
      : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify'])
  const signature = decodeBase64Url(sent.signature) ?? new Uint8Array()
  const signed = new TextEncoder().encode(`${sent.protected}.${sent.payload}`)
  return crypto.subtle.verify(algorithm, key, signature, signed)
}

/** The public key of a request that names the host. */
async function checkRequest(csr: string, host: string): Promise<Uint8Array | undefined> {
  const [body] = readSequence(decodeBase64Url(csr)) ?? []
  const [, , spki, attributes] = readSequence(body?.whole) ?? []
  const [attribute] = readValues(attributes?.content ?? new Uint8Array()) ?? []
  const names = new TextDecoder('latin1').decode(attribute?.whole)
  return names.includes(host) ? spki?.whole : undefined
}

/** A certificate that root vouches for. */
export async function certificateFor(
  host: string,
  spki: Uint8Array,
  root: SigningKey,
  { now, days, issuer = 'Test CA' }: { now: number; days: number; issuer?: string },
): Promise<string> {
  const sequence = (...parts: Uint8Array[]) => writeValue(TAG.sequence, ...parts)
  const text = (tag: number, value: string) => writeValue(tag, new TextEncoder().encode(value))
  const name = (value: string) => {
    const oid = writeValue(TAG.oid, Uint8Array.of(0x55, 4, 3))
    return sequence(writeValue(0x31, sequence(oid, text(0x0c, value))))
  }
  const time = (at: number) => {
    const digits = new Date(at).toISOString().replace(/\.\d+|[-T:]/g, '')
    return text(TAG.utcTime, digits.slice(2))
  }
  const ecdsa = sequence(writeValue(TAG.oid, Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2)))
  const body = sequence(
    writeValue(0xa0, writeValue(TAG.integer, Uint8Array.of(2))),
    writeValue(TAG.integer, Uint8Array.of(0x12, 0xab)),
    ecdsa,
    name(issuer),
    sequence(time(now - DAY), time(now + days * DAY)),
    name(host),
    spki,
  )
  const signature = writeValue(TAG.bitString, Uint8Array.of(0), await root.sign(body.slice()))
  return writePem('CERTIFICATE', sequence(body, ecdsa, signature))
}
